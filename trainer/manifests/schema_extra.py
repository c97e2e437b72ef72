"""Kinds that the OpenAPI of Kubernetes does not hold, described by hand from their documentation."""

from __future__ import annotations

KINDS: dict[str, list[str]] = {}
TYPES: dict[str, dict[str, str]] = {}
