"""From bytes to manifests: read, checked against the schema, defaulted, validated.

Start with `admit`: what would the API server store? `answer` reads the files of a learner, `reading`
turns their bytes into manifests that know where each value is written, `schema` says which fields a kind
has, `defaults` fills in what is omitted, `validation` finds what the API server refuses beyond the
schema. `model` has the manifest itself, `values` the readers for data of any type.
"""
