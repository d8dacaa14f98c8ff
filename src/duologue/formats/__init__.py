"""Files in, records out, and back: one module a format."""
