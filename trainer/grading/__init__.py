"""(card, answer) to verdict: what kubectl would accept, the world, the rules, the differences."""
