"""Together in the room: a code, two taps, one page."""
