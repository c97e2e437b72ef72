"""What one file may cost, and the way from its bytes to text.

The limits are checked before anything is built: nesting would crash the C composer, aliases and merge
keys multiply. They are far above any manifest that a person writes.
"""

from __future__ import annotations

from trainer.errors import AnswerUnreadable

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 100
MAX_NODES = 20_000
"""Values in a file of an answer: what is read, judged and searched for secrets within a second."""
MAX_ASKED = 50_000
"""Values in a file that `ask` reads: big CustomResourceDefinitions have more than any answer."""
MAX_ALIASES = 100

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Budget:
    """Counts what one file has used up; every overdraft raises `AnswerUnreadable`."""

    __slots__ = ("aliases", "file", "most", "nodes")

    def __init__(self, file: str, most: int = MAX_NODES) -> None:
        self.file = file
        self.most = most
        self.nodes = 0
        self.aliases = 0

    def too_deep(self, line: int) -> AnswerUnreadable:
        """The error for nesting beyond `MAX_DEPTH`."""
        return self._over(f"is nested more than {MAX_DEPTH} levels deep at line {line}", "flatten it")

    def too_many(self, line: int) -> AnswerUnreadable:
        """The error for more values than `most`, aliases and merge keys written out."""
        return self._over(
            f"has more than {self.most:,} values at line {line}, aliases and merge keys written out",
            "split the file, and write values out instead of repeating aliases",
        )

    def document(self, line: int) -> None:
        """Count one `---` line, with or without a document behind it."""
        self.nodes += 1
        if self.nodes > self.most:
            raise self.too_many(line)

    def alias(self, line: int) -> None:
        """Count one use of an alias."""
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            message = f"uses more than {MAX_ALIASES} aliases at line {line}"
            raise self._over(message, "write the values out")

    def _over(self, what: str, remedy: str) -> AnswerUnreadable:
        return AnswerUnreadable(f"{self.file} {what}", file=self.file, remedy=remedy)


def decode(data: bytes, file: str) -> str:
    """The file's text without its byte order mark: UTF-8, or UTF-16 where the mark says so.

    As kubectl reads, except bytes that aren't UTF-8, where it puts U+FFFD. Raises
    `AnswerUnreadable` for them, and for what is over 1 MiB.
    """
    if len(data) > MAX_BYTES:
        size = f"{len(data) / MAX_BYTES:.1f} MiB"
        raise AnswerUnreadable(
            f"{file} is too large: {size}, the limit is 1 MiB",
            file=file,
            remedy="submit only the manifests that the task asks for",
        )
    try:
        return data.decode("utf-16" if data[:2] in _UTF16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        encoding = "UTF-16" if data[:2] in _UTF16 else "UTF-8"
        raise AnswerUnreadable(
            f"{file} is not valid {encoding}: byte 0x{data[error.start]:02x} on line {line}",
            file=file,
            remedy="save the file as UTF-8",
        ) from None
