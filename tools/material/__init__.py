"""The long material of cards: logs and reports, made from seeds so that they are repeatable."""
