"""A reading on a page, in a terminal, as a picture, as data. No Django."""
