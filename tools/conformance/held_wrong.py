"""Cases that cannot be right as they stand: they count as disagreed, and are told apart.

Each names its reason and the line of the Kubernetes sources that shows it.
"""

from __future__ import annotations

HELD_WRONG: dict[str, str] = {}
"""By case id: the reason, and the source line (repository, version, path, line)."""
