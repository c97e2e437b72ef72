"""A file of an answer as an editor holds it: its text, and the form in which it is written back.

The editor works on lines that end with a newline. A byte order mark, UTF-16 and the ends of the lines belong
to the file: they are kept, for changed text as well.
"""

from __future__ import annotations

import codecs

import msgspec

from trainer.errors import TrainerError
from trainer.manifests.limits import decode
from trainer.patterns import regex

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Held(msgspec.Struct, frozen=True):
    """What was read from a file. `data` is None without a file."""

    text: str = ""
    """As an editor shows it: no byte order mark, every line ends with a newline."""
    data: bytes | None = None
    mark: bytes = b""
    """The byte order mark."""
    encoding: str = "utf-8"
    ends: tuple[str, ...] = ("\n",)
    """The ends of the lines; one if all are equal."""

    @property
    def form(self) -> str:
        """What is unusual about the file, in words; may be empty."""
        return "UTF-16" if self.encoding != "utf-8" else ""

    def encoded(self, text: str) -> bytes:
        """Another text in the file's form. Raises `TrainerError` for characters that no file can have."""
        try:
            return self.mark + self._with_ends(text).encode(self.encoding)
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            raise TrainerError(
                f"line {line} has a character that can't be stored", remedy="remove it"
            ) from None

    def _with_ends(self, text: str) -> str:
        if len(self.ends) == 1:
            return text.replace("\n", self.ends[0])
        old, new = self.text.split("\n"), text.split("\n")
        usual = max(dict.fromkeys(self.ends), key=self.ends.count)
        ends = [usual] * (len(new) - 1)
        same = _same(old, new)
        before = min(same, len(self.ends), len(ends))
        ends[:before] = self.ends[:before]
        after = min(_same(old[::-1], new[::-1]), min(len(old), len(new)) - same) - 1
        if after > 0:
            ends[len(ends) - after :] = self.ends[len(self.ends) - after :]
        for index, (end, line, following) in enumerate(zip(ends, new[1:], ends[1:], strict=False)):
            if end == "\r" and not line and following == "\n":
                ends[index] = "\n"  # else the two would be the end of one line
        return "".join(line + end for line, end in zip(new, [*ends, ""], strict=True))


def held(data: bytes) -> Held:
    """A file's bytes as an editor holds them. Raises `AnswerUnreadable`, in which the file is called `it`."""
    text = decode(data, "it")
    mark, encoding = next((one for one in _MARKS if data.startswith(one[0])), (b"", "utf-8"))
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return Held(plain, data, mark, encoding, _ends(text))


def _ends(text: str) -> tuple[str, ...]:
    if "\r" not in text:
        return ("\n",)
    found = tuple(regex(r"\r\n|\r|\n").findall(text))
    return found if len(set(found)) > 1 else found[:1]


def _same(old: list[str], new: list[str]) -> int:
    """How many lines at the beginning are the same."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count
