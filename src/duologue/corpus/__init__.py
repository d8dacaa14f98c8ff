"""Many pairs on disk: what is told of each, and of all of them."""
