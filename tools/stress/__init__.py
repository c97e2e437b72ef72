"""Real processes, killed, signaled, resized and starved at random moments: every promise is kept.

Each module has trials. A trial counts what it tried and what was lost, in words; lost is 0 where all is well.
Nothing is measured in seconds: a wait is for something that must come, or for a random moment.
"""
