"""Which events does Falco report, by which rule, with which text?

Start with `falco`, which loads rule files in their order and reports the alerts for recorded events.
`sections` reads a file, `collect` merges definitions and overrides, and `ruleset` compiles them. `grammar`
parses conditions, `checks` compiles their checks for the types of `fields`, and `explain` says which part
of a condition decides. `events` reads a recording, `output` writes an alert's text, and `variants` makes
events that differ from recorded ones in one thing.
"""
