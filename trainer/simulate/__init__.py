"""Pure engines: a world in, an answer out; no cards, no files, no network."""
