"""Which kinds and fields does the API server know, and does an object fit them?

Start with `check`. `data` loads the schemas that `tools/generate_schema.py` makes, `extra` and `kubelet`
describe other kinds by hand; `kinds` says how a kind is served, `lists` how the items of a list are
told apart, `decode` where a value and its schema part. `suggest` and `words` say what was meant.
"""
