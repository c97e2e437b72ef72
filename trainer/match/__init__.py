"""Comparing objects by meaning: targets, operators, merge keys, views, and the words for a difference."""
