"""Following each other's words: how far what two people say resembles, and by chance.

Seats are 0 for the client, 1 for the therapist, -1 for neither. A pair of figures is in
that order, and what is told of a direction stands at the seat of who speaks second: at 1,
the therapist follows the client. Nothing here says that more matching is better: the
evidence points both ways. English only.
"""
