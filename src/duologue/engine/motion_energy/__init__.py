"""Motion energy: how much of a person's place in the picture changed, frame by frame."""
