"""Which facts do logs, reports and bills of materials show?

Start with `query`, which takes the facts from the files that a card delivers. `material` reads the formats
(`requests` and `digests` what isn't written in them), `fields` finds a value in a record, and `facts` knows
which forms of a fact mean the same.
"""
