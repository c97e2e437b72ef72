"""Cards: where packs are, how a card file becomes a `Card`, and the catalog of cards."""
