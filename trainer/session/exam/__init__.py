"""The mock exam: drawn by a seed, sat against a clock that counts only while it is open, graded at the end.

`draw` picks the cards, `start` begins an exam or takes it again, `desk` has its answers, `sitting` keeps it
open, `finish` grades it, `report` says what came out.
"""
