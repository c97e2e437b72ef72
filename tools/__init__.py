"""What developers run: installing, benchmarks, conformance, generated files. Not shipped."""
