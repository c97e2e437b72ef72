"""Comparing objects by meaning: is what a check expects there, and how is the difference said?

Start with `compare`. `target` finds the objects that a check names, `view` walks into them, `operators`
has the conditions (`every`, `one-of` ...), `lists` and `same` decide which items and values are the same.
`mismatch`, `words`, `effects` and `evidence` put a difference into words. `expectation` finds fields that
no object can have.
"""
