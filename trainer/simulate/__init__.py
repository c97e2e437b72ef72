"""Pure engines: a world in, an answer out; no cards, no files, no network.

One package for each subject; its docstring says which module to open first. What every subject shares
is on top: `world` (what exists), `workloads` (the Pods that objects make), `labels` (selectors), `names`
(how cards and questions write objects, subjects and endpoints), `server_fields` (what a cluster adds to
an object) and `certificates`.
"""
