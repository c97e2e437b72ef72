"""Other projects' cases with expected verdicts, run against our engines.

`python -m tools.conformance --cases DIR` runs every `DIR/<family>.jsonl` through the module of
that name here (`psa-community.jsonl` through `psa_community`). A family module has
`judge(case) -> str | None`: None where we agree with the case, else what we say instead. A new
family is a new module; nothing lists them.
"""
