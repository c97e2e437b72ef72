"""The command line: thin commands over the session, the batch and the engines."""
