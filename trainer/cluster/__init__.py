"""Live checks through one gate; the only package that imports the `kubernetes` client."""
