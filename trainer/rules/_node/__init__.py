"""What the rules about nodes share: the script of the answer, what it did, and which line is to blame."""
