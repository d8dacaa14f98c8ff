"""What was sent and could not be kept is given back to whoever sent it, and kept nowhere."""

from django.http import HttpRequest

WORDS = (
    *("line", "words", "teaching", "rhythm", "frame", "confidentiality"),
    *("name", "crisis", "telling", "supervisor", "wellbeing"),
    *("called", "me", "note-address"),
    *("reach-name", "reach-email", "reach-phone", "reach-safely"),
)
"""The fields of a form that hold somebody's own words. A test looks for one that is not."""

SECRETS = frozenset(
    ("login", "password", "password1", "password2", "oldpassword", "code", "credential")
)
"""A form with one of these is for coming in: nothing of it is ever shown again."""

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def given_back(
    request: HttpRequest, *, to_send_again: bool = True
) -> dict[str, object]:
    """Return what a page gives back: the words to be read, and all of it to be sent again.

    Parameters
    ----------
    request : HttpRequest
        What was sent, to an address that does not take it at present.
    to_send_again : bool
        Whether sending the same again may help. It is sent to the same address.
    """
    again = list(fields_of(request)) if to_send_again else []
    return {"written": written(request), "again": again}


def written(request: HttpRequest) -> list[str]:
    """Return the words of one's own in what was sent, to be shown to their writer."""
    if SECRETS & set(request.POST):
        return []
    return [words for name in WORDS if (words := request.POST.get(name, "").strip())]


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return every field that was sent, a choice as well as a word; of secrets none."""
    if SECRETS & set(request.POST):
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != TOKEN
    ]


def is_from_here(request: HttpRequest) -> bool:
    """Whether a browser says that a page of this very app has sent this.

    Another site could have filled in the form: what it put there is shown, and there is no
    button below it.
    """
    here = f"{request.scheme}://{request.get_host()}"
    said = (request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"))
    return said[0] == "same-origin" or (said[0] is None and said[1] == here)
