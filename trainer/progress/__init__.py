"""The learner's attempts in a local SQLite file; the only package that imports `sqlite3`."""
