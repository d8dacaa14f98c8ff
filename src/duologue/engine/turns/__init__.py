"""Turn-taking: who spoke how much, when the other took over, and what lay between.

Seats are 0 for the client, 1 for the therapist, -1 for neither. Every result is a pair
in that order, and swapping the seats swaps every pair, exactly.
"""

from duologue.engine.turns.talk import TalkSummary, summarise

__all__ = ["TalkSummary", "summarise"]
