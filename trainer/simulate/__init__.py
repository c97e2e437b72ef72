"""Pure engines: a world in, an answer out; without cards, files or network.

One package for each subject; its docstring says which module to open first. What every subject shares is at
the top: `world` (what exists), `workloads` (the Pods that objects create), `labels` (selectors), `names`
(how cards and questions write objects, subjects and endpoints), `server_fields` (what a cluster adds to an
object) and `certificates`.
"""
