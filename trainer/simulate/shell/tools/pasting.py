"""Programs that put lines together, number or compare them: `paste`, `tac`, `rev`, `nl`, `comm`, `diff`.

Follows GNU coreutils 9.4, util-linux 2.39 and diffutils 3.10. What `diff` writes isn't known; its exit code
is.
"""

from __future__ import annotations

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran, limited, valued_options
from trainer.simulate.shell.tools.reading import contents

_TWO = ("comm", "cmp", "diff")


def pasted(host: Host, call: Call) -> Ran:
    """One of these programs, on the files that it names or on its input."""
    values, rest = valued_options(call.args, {"d": "--delimiters"} if call.name == "paste" else {})
    options = {
        letter
        for arg in rest
        if arg[:1] == "-" != arg
        for letter in arg.lstrip("-")[: 9 if arg[1] != "-" else 0]
    }
    long = [
        arg for arg in rest if arg.startswith("--") and arg not in ("--", "--quiet", "--brief", "--serial")
    ]
    words = [arg for arg in rest if arg == "-" or not arg.startswith("-")]
    if long or not options <= _OPTIONS[call.name]:
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    texts: list[str | None] = []
    for name in words or (["-"] if call.name not in _TWO else []):
        text, trouble = (call.stdin, "") if name == "-" else contents(host, name)
        if trouble:
            return Ran(2 if call.name in _TWO else 1, f"{call.name}: {trouble}")
        texts.append(text)
    if call.name in _TWO:
        return _compared(call, options, texts)
    if any(text is None for text in texts):
        return Ran(0, "", None)
    lines = [_lines(text or "") for text in texts]
    if call.name == "paste":
        if words.count("-") > 1:
            if set(words) != {"-"}:
                raise NotJudged(f"paste {' '.join(call.args)}")
            lines = [lines[0][at :: len(words)] for at in range(len(words))]
        return Ran(0, "", _joined(lines, values.get("d", "\t"), serial="s" in options or "--serial" in rest))
    found = [line for one in lines for line in (one[::-1] if call.name == "tac" else one)]
    if call.name == "rev":
        found = [line[::-1] for line in found]
    if call.name == "nl":
        numbered, number = [], 0
        for line in found:
            number += bool(line)
            numbered.append(f"{number:>6}\t{line}" if line else "       ")
        found = numbered
    return Ran(0, "", "".join(f"{line}\n" for line in found))


_OPTIONS = {
    "paste": set("s"),
    "tac": set(),
    "rev": set(),
    "nl": set(),
    "comm": set("123"),
    "cmp": set("s"),
    "diff": set("qusNrbw"),
}


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _joined(files: list[list[str]], marks: str, *, serial: bool) -> str:
    """`paste`: the lines of each file as one, or the first lines of all, the second ones, ..."""
    marks = marks.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0")
    if "\\" in marks or len(marks) > 1:
        raise NotJudged(f"paste -d {marks}")
    if not serial:
        longest = max(map(len, files), default=0)
        files = [[one[at] if at < len(one) else "" for one in files] for at in range(longest)]
    return limited("".join(f"{marks.join(one)}\n" for one in files))


def _compared(call: Call, options: set[str], texts: list[str | None]) -> Ran:
    if len(texts) != 2:
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    one, other = texts
    if one is None or other is None or options & set("bw"):
        raise NotJudged(f"{call.name} of what isn't known")
    if call.name == "comm":
        return Ran(0, "", _common(_lines(one), _lines(other), options))
    same = one == other
    return Ran(
        int(not same),
        "" if same else f"{call.name}: the files differ",
        "" if same or "s" in options else None,
    )


def _common(one: list[str], other: list[str], options: set[str]) -> str:
    """`comm`: lines that only the first, only the second, or both have; both are sorted."""
    if one != sorted(one) or other != sorted(other):
        raise NotJudged("comm of lines that are not sorted")
    found: list[str] = []
    first = second = 0
    heads = {letter: "\t" * sum(less not in options for less in "123"[: int(letter) - 1]) for letter in "123"}
    while first < len(one) or second < len(other):
        if second == len(other) or (first < len(one) and one[first] < other[second]):
            letter, line, first = "1", one[first], first + 1
        elif first == len(one) or one[first] > other[second]:
            letter, line, second = "2", other[second], second + 1
        else:
            letter, line, first, second = "3", one[first], first + 1, second + 1
        if letter not in options:
            found.append(f"{heads[letter]}{line}\n")
    return "".join(found)


NAMES = tuple(_OPTIONS)
