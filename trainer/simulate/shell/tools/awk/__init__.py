"""`awk`: `reader` turns a program into a tree, `values` has the rules for values, `run` runs it."""
