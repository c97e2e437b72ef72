"""A small, strictly bounded subset of the POSIX shell: what a script runs, in which order, with which exit
codes.

`parser` turns text into the forms of `syntax`, with words from `lexer`; `interpreter` runs them, with values
from `expand`. Follows POSIX.1-2024, XCU chapter 2 (Shell Command Language), and dash where shells differ.
Functions, background commands and whatever else is outside raises `NotJudged`: it is never guessed.
"""
