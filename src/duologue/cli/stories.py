"""What each of the six made-up pairs shows, in a sentence or two."""

STORIES = {
    "just-begun": (
        "Three sessions. There is almost nothing to say yet, and the page says so."
    ),
    "steady-growth": (
        "Trust and openness rise together over half a year. A rise is followed, so "
        "that a dip on the way up would still be seen."
    ),
    "rupture-and-mend": (
        "A cancelled session, a hard one after it, and the way back. The seam stays "
        "on the page; the transcript of the hard session is there too."
    ),
    "both-quieter": (
        "Both grow quieter, slowly. Neither would notice it from one week to the next."
    ),
    "sharing-off": (
        "No answer has opened on the page of the two, and it does not say whose "
        "choice that was; each still has a page of their own."
    ),
    "an-ending": "Thirty sessions and a planned ending, with two hard moments mended.",
}
"""By the name of the scenario; a test keeps the two lists alike."""
