"""What the program says about itself."""

from __future__ import annotations

from trainer import __version__

VERSION = (
    f"cks-trainer {__version__}\nIndependent practice trainer; not endorsed by The Linux Foundation or CNCF."
)
"""What `--version` prints."""
