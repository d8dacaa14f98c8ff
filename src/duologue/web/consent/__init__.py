"""What a person has said yes to."""
