"""The programs that scripts use, in the forms that GNU coreutils, findutils and BusyBox share.

`changing` (rm, mv, cp, ln, touch, mkdir, ...), `modes` (chmod, chown), `reading` (cat, ls, grep, echo, ...),
`conditions` (test, [), `finding` (find, which), `running` (sleep, kill, env, timeout, package managers). An
option or a file whose state isn't known raises `NotJudged`.
"""
