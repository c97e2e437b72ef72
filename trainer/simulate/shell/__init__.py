"""What does a shell script run, in which order, with which exit codes?

A small, strictly bounded subset of the POSIX shell: `parser` turns text into the forms of `syntax`, with
words from `lexer`; `interpreter` runs them, with values from `expand`. Programs are in `programs`, files in
`filesystem`. Follows POSIX.1-2024, XCU chapter 2 (Shell Command Language), and dash where shells differ.
Background commands and whatever else is outside raises `NotJudged`: it is never guessed.
"""
