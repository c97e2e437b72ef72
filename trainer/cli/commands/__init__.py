"""One module for each command, found by its file name and imported when it is called.

`can_i.py` is the command `can-i`. A module has `command`, made by `cli.base.command`, or a group
made by `cli.base.group`. Modules whose name starts with an underscore are shared helpers.
"""
