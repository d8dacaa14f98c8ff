"""Words that no sentence about data may use."""

import re

BANNED = (
    r"lie", r"lies", r"lied", r"lying", r"liars?", r"dishonest\w*", r"honest scores?",
    r"honesty", r"truthful\w*", r"resistant", r"resistances?", r"in denial",
    r"secret(?:s|ly|ive)?", r"non-?complian(?:t|ce)", r"complian(?:t|ce)",
    r"fail(?:s|ed|ings?)?", r"failures?", r"deteriorat\w+", r"off[- ]track",
    r"mismatch\w*", r"violat\w+", r"impair\w*", r"burnout scores?", r"risk scores?",
    r"risk(?:s|ed|ing|y|ier)?", r"alert(?:s|ed|ing)?", r"warn(?:s|ed|ings?)?",
    r"flag(?:s|ged|ging)?", r"KPIs?", r"churn\w*", r"attrition", r"DNA['\u2019]?d",
    r"performances?", r"patients?", r"subjects?", r"providers?",
    r"you\s+should(?:n['\u2019]t)?", r"determine[sd]?", r"determining",
    r"prov(?:e|es|ed|en|ing)",
)  # fmt: skip
"""Whole words and their inflections, words that blame, grade or claim too much."""

_PATTERN = re.compile(r"\b(?:" + "|".join(BANNED) + r")\b", re.IGNORECASE)

ALLOWED = ("What happens if I tell?",)


def banned_words(text: str) -> tuple[str, ...]:
    """Return the banned words that a text uses, in their order.

    The text of published instruments is exempt and is not meant to come here, nor are
    crisis, consent, legal and research pages, which have an allow-list of their own.
    """
    for allowed in ALLOWED:
        text = text.replace(allowed, "")
    return tuple(match.group(0).lower() for match in _PATTERN.finditer(text))
