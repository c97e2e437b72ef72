"""What the rules about access share."""
