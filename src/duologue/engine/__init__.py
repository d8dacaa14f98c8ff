"""Arrays in, frozen results out: no file, clock, log, name or wording."""
