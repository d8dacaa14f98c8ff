"""Words that a practice may start from: each is to be read, and made its own."""

ME = "your therapist"
"""What whoever invites is called, until they say otherwise."""

TELLING = (
    "What you tell stays between the two of us. I speak of the work in supervision, "
    "under a code and without your name.\n"
    "Thinking about dying, and telling me so, leads to our talking about it. By "
    "itself it leads to nobody else being told, and to nobody being sent anywhere.\n"
    "I would have to tell somebody else only if you or another person were in "
    "serious danger now, if a child were being harmed, or if a court ordered it. I "
    "would speak with you first wherever that is possible, and tell as little as I "
    "can."
)
"""“What happens if I tell?”. All else nobody but the practice can know."""
