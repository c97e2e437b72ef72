"""`sed`: `script` reads its commands, `run` runs them on lines, `command` is the command line."""
