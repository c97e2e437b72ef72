"""How long tests wait for something that must come, before they give up."""

from __future__ import annotations

HANGS = 120.0
"""Seconds, far more than the slowest machine needs: a guard against hanging, never a measure."""
