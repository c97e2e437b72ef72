"""(card, answer) to verdict: what kubectl would take, the world, the rules, the differences."""
