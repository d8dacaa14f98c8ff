"""What this is, help, and pages for when something is not there."""
