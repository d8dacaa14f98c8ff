"""Pages of one's own: written, found again and removed by their author alone."""
