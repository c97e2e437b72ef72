"""What the answer changes of a given object, apart from what the server writes."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.match.compare import Matcher
from trainer.match.mismatch import Mismatch
from trainer.match.view import whole
from trainer.simulate.server_fields import without_server_fields
from trainer.versions import Version


def changes_of(before: Manifest, after: Manifest, kubernetes: Version) -> list[Mismatch]:
    """Every value that differs. `status` and other fields of the server don't count."""
    now = after.with_data(without_server_fields(after))
    return Matcher(kubernetes, exact=True).compare(without_server_fields(before), whole(now))
