"""Verdicts as text and as machine-readable formats: one module per format."""
