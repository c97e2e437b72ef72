"""What the rules about network flows share."""
