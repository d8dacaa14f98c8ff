"""The pages, as an app of Django's."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages; whatever listens is connected once everything is there."""

    name = "duologue.web"

    def ready(self) -> None:
        """Listen for who signs in."""
        from duologue.web.account import signals

        signals.connect()
