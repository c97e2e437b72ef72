"""Random inputs for everything that reads what others wrote, and what must hold for each of them.

`tree` changes the structure of stored answers, `writing` writes one value in many forms. A module of
`targets` makes the inputs for one part of the program and judges what the part did. Nothing here depends on
time: the work of an input is counted in calls.
"""
