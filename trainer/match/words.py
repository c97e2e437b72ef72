"""How a reason names values and their places."""

from __future__ import annotations

from typing import Any

from trainer.manifests.model import path_text
from trainer.match.view import View
from trainer.safe_text import capitalized

_LONGEST = 80
_ITEM_WORDS = {
    "containers": "container",
    "initContainers": "init container",
    "ephemeralContainers": "ephemeral container",
    "volumes": "volume",
}


def shown(value: Any) -> str:
    """A value for a sentence, in backticks, short."""
    import json

    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[:_LONGEST]}...`"


def what(view: View) -> str:
    """The value in words: `` `image` of container `web` ``, ``container `web` `` or a path."""
    own = _item(view)
    if own:
        return own
    owner = owner_of(view)
    if owner is None:
        return f"`{path_text(view.path)}`" if view.path else view.manifest.title
    name = view.label or f"`{path_text(view.path[len(owner.path) :])}`"
    if view.path[: len(owner.path)] != owner.path:
        return f"`{path_text(view.path)}`"  # inherited from the Pod
    return f"{name} of {_item(owner)}"


def owner_of(view: View) -> View | None:
    """The container or volume that a value belongs to."""
    return next((above for above in view.ancestors() if above is not view and _item(above)), None)


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return capitalized(text)


def counted(number: int, word: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def _item(view: View) -> str:
    """``container `web` `` for the item of a list whose items have names, else nothing."""
    if len(view.path) < 2 or not isinstance(view.value, dict):
        return ""
    word, name = _ITEM_WORDS.get(str(view.path[-2])), view.value.get("name")
    return f"{word} `{name}`" if word and isinstance(name, str) else ""
