"""The store as a Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of the store, under the label ``store``."""

    name = "duologue.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
