"""The generated pages and schemas of `docs/`: one module for each, `tools.generate_docs` writes them."""
