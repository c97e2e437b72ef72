"""The kinds and fields that the API server knows, and whether an object fits them."""
