"""`sha512sum`, `sha256sum` and their like, of files whose content is known; with `-c` they check a list.

Follows sha512sum(1) of GNU coreutils 9.4.
"""

from __future__ import annotations

import hashlib
import re

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran
from trainer.simulate.shell.tools.reading import contents


def digest(tool: str, text: str) -> str:
    """The digest of a text in UTF-8, in hexadecimal digits."""
    return hashlib.new(tool.removesuffix("sum"), text.encode(), usedforsecurity=False).hexdigest()


def sums(host: Host, call: Call) -> Ran:
    """`sha512sum FILE...` and `sha512sum -c LIST`."""
    options = {arg for arg in call.args if arg.startswith("-") and arg != "-"}
    words = [arg for arg in call.args if arg not in options] or ["-"]
    checking = bool(options & {"-c", "--check"})
    if not options <= {"-c", "--check", "--quiet", "--status", "--strict", "--ignore-missing", "-b", "-t"}:
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    if checking:
        return _checked(host, call, words, options)
    complaint, lines, known = "", [], True
    for word in words:
        text, trouble = (call.stdin, "") if word == "-" else contents(host, word)
        if trouble:
            complaint = complaint or trouble
        else:
            known = known and text is not None
            lines.append(f"{digest(call.name, text or '')}  {word}\n")
    return Ran(int(bool(complaint)), complaint, "".join(lines) if known else None)


def _checked(host: Host, call: Call, words: list[str], options: set[str]) -> Ran:
    lines, failed, read = [], "", 0
    for word in words:
        listing, trouble = (call.stdin, "") if word == "-" else contents(host, word)
        if listing is None:
            raise NotJudged(f"{call.name} -c of what isn't known")
        if trouble:
            return Ran(1, trouble)
        for line in listing.splitlines():
            match = re.fullmatch(r"\\?([0-9A-Fa-f]+) [ *](.+)", line)
            if match is None:
                continue
            text, trouble = contents(host, match[2])
            if trouble and "--ignore-missing" in options:
                continue
            read += 1
            if text is None:
                raise NotJudged(f"{call.name} of {match[2]}, whose content isn't known")
            good = not trouble and digest(call.name, text) == match[1].lower()
            state = "OK" if good else "FAILED open or read" if trouble else "FAILED"
            failed = failed or ("" if good else f"{match[2]}: {state}")
            if "--status" not in options and not (good and "--quiet" in options):
                lines.append(f"{match[2]}: {state}\n")
    if not read:
        return Ran(1, f"{call.name}: no properly formatted checksum lines found", "".join(lines))
    return Ran(int(bool(failed)), failed, "".join(lines))
