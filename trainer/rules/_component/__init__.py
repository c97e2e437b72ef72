"""What the rules about components share."""
