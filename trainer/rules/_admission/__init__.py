"""What rule `admission` tries besides the samples of a card."""
