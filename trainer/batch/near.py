"""Names that mean another name: what browsers, editors and file systems make of a file on its way.

`pod (1).yaml` is the second download of `pod.yaml`, Word and Notepad add `.txt`, Windows doesn't tell
`POD.YAML` from `pod.yaml`, and `.yml` is `.yaml`. What else a name may mean is only told, never read.
"""

from __future__ import annotations

from functools import lru_cache

from trainer.patterns import regex

SUFFIXES = (".yaml", ".yml", ".json")
"""What the name of an answer that is a single file ends with."""

_NUMBER = r"(?: ?\(\d{1,3}\))?"
_COPY = regex(rf"(?:[ _-]?\(\d{{1,3}}\)| - copy{_NUMBER}| copy(?: \d{{1,3}})?| - kopie{_NUMBER})$")


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """The name without what happened to it on its way, in lower case.

    >>> plain("Pod_RO (1).yml.txt")
    'pod-ro.yaml'
    """
    found = name.casefold()
    shorter = found.removesuffix(".txt")
    if shorter.endswith(SUFFIXES):
        found = shorter
    if found.endswith(".yml"):
        found = f"{found.removesuffix('.yml')}.yaml"
    stem, dot, ending = found.rpartition(".")
    if not dot:
        return alike(_COPY.sub("", found))
    return alike(f"{_COPY.sub('', stem).rstrip()}.{ending}")


def alike(name: str) -> str:
    """The name in lower case, with hyphens for underscores and spaces."""
    return name.casefold().replace("_", "-").replace(" ", "-")
