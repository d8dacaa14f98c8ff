"""What is counted in the words of a session, called by what it literally is."""

SIGNS = {
    "i_words": "“I” words: I, me, my, mine, myself",
    "we_words": "“we” words: we, us, our, ours, ourselves",
    "you_words": "“you” words: you, your, yours, yourself",
    "thinking": "thinking and noticing words: think, feel, wonder …",
    "hedges": "hedges: maybe, kind of, I guess …",
    "dont_know": "wording such as “I don’t know”, “it’s fine”",
    "must": "wording such as “you need to”, “you have to”",
    "here_and_now": "here-and-now wording: between us, right now …",
    "openings": "turns that open with “so”, “it sounds like” …",
}
"""Each list of `duologue.engine.wording` by its name, as every face calls it."""
