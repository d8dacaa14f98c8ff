"""Where one works: its own words, and whom one invites."""
