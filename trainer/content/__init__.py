"""Cards: where packs lie, how a card file becomes a `Card`, and the catalogue of them."""
