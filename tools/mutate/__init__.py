"""Mutation testing: small changes to our own code, each of which some test should notice.

`python -m tools.mutate PATH...` changes one place at a time (`operators`), runs the tests that reach
it, the module's own before others (`covering`), each time in a forked process (`session`, `fresh`),
and reports the changes that no test noticed (`report`). `equivalent.toml` lists those that no test
can notice, each with its reason.
"""
