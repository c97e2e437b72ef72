"""The instructions of a Dockerfile, as BuildKit reads its text.

Follows `frontend/dockerfile/parser/parser.go`, `split_command.go`, `line_parsers.go` and
`instructions/parse.go` of moby/buildkit at 73ed682 (2026-08).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex

INSTRUCTIONS = (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL "
    "USER VOLUME WORKDIR"
).split()
_FLAGS = {
    "ADD": {"chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"},
    "COPY": {"chown", "chmod", "link", "from", "exclude", "parents"},
    "FROM": {"platform"},
    "HEALTHCHECK": {"interval", "timeout", "start-period", "start-interval", "retries"},
    "RUN": {"mount", "network", "security", "device"},
}
_SWITCHES = {"link", "keep-git-dir", "unpack", "parents"}
_REPEATED = {"mount", "exclude", "device"}
_JSON = {"ADD", "COPY", "CMD", "ENTRYPOINT", "RUN", "SHELL", "VOLUME", "HEALTHCHECK"}
_DIRECTIVE = regex(r"([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S(?:.*\S)?)\s*")
_HEREDOC = regex(r"(\d*)<<(-?)([^<]*)")
_STAGE = regex(r"[a-z][a-z0-9-_.]*")
_BLANKS = " \t\v\f\r"
LONGEST = 64_000


class Broken(Exception):
    """BuildKit refuses the file, or the build stops: at which line, and why."""

    def __init__(self, line: int, why: str, *, shown: str = "") -> None:
        super().__init__(why)
        self.line, self.why = line, why
        self.shown = shown
        """What BuildKit prints."""


class Heredoc(msgspec.Struct, frozen=True):
    """A here-document: its name, its text, and whether variables in it count."""

    name: str
    text: str
    expand: bool


class Instruction(msgspec.Struct, frozen=True):
    """One instruction."""

    name: str
    """In capital letters."""
    line: int
    """Where it starts, 1-based."""
    rest: str
    """What follows its flags."""
    flags: tuple[tuple[str, str], ...] = ()
    """Names without dashes, and values."""
    words: tuple[str, ...] | None = None
    """The items, if it is in the exec form."""
    heredocs: tuple[Heredoc, ...] = ()
    text: str = ""
    """The whole instruction, its lines joined."""
    lines: tuple[tuple[int, int], ...] = ()
    """Where in `text` each further line of the file begins, and its number."""

    def flag(self, name: str) -> str:
        """The value of a flag; empty if it isn't set."""
        return dict(self.flags).get(name, "")

    def line_at(self, position: int) -> int:
        """The line of the file from which a character of `text` comes."""
        return max((line for start, line in self.lines if start <= position), default=self.line)


class Dockerfile(msgspec.Struct, frozen=True):
    """A Dockerfile, as far as its form is right."""

    instructions: tuple[Instruction, ...]
    escape: str = "\\"


def read_dockerfile(text: str) -> Dockerfile:
    """The instructions of a text. Raises `Broken` where BuildKit refuses it."""
    if len(text) > LONGEST:
        raise NotJudged(f"a Dockerfile of more than {LONGEST} characters")
    reader = _Lines(text.removeprefix("\ufeff"))
    found = tuple(reader.instructions())
    if not found:
        raise Broken(1, "The Dockerfile has no instructions.", shown="file with no instructions")
    return Dockerfile(found, reader.escape)


class _Lines:
    """Joins lines to instructions."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.at = 0
        self.escape = "\\"
        self.directives: set[str] | None = set()
        """Those seen so far; None when there can't be another."""

    def instructions(self) -> Iterator[Instruction]:
        """All instructions, in their order."""
        while self.at < len(self.lines):
            start = self.at + 1
            line = self._next().lstrip()
            if self._is_directive(line, start) or line.startswith("#"):
                continue
            line, goes_on = self._trimmed(line)
            if not line.strip() and not goes_on:
                continue
            text, places = self._joined(line, goes_on, start)
            if not text.strip():
                continue
            lead = len(text) - len(text.lstrip())
            moved = tuple((max(0, at - lead), number) for at, number in places)
            yield self._instruction(text.strip(), start, moved)

    def _next(self) -> str:
        line = self.lines[self.at].rstrip("\r")
        self.at += 1
        return line

    def _is_directive(self, line: str, number: int) -> bool:
        """Whether a comment is a parser directive; those come first, each once."""
        if self.directives is None:
            return False
        match = _DIRECTIVE.fullmatch(line[1:].lstrip()) if line.startswith("#") else None
        name = match[1].lower() if match else ""
        if match is None or name not in ("syntax", "escape", "check"):
            self.directives = None
            return False
        if name in self.directives:
            raise Broken(number, f"Only one parser directive {name} can be used.")
        self.directives.add(name)
        if name == "escape":
            if match[2] not in ("\\", "`"):
                raise Broken(number, f"The escape character is \\ or `, not {match[2]}.")
            self.escape = match[2]
        if name == "syntax" and not match[2].startswith(("docker/dockerfile", "docker.io/docker/dockerfile")):
            raise NotJudged(f"the syntax {match[2]}, line {number}")
        return True

    def _trimmed(self, line: str) -> tuple[str, bool]:
        """The line without the sign of a continuation, and whether it has one."""
        bare = line.rstrip(" \t")
        if bare.endswith(self.escape) and not bare[:-1].endswith(self.escape):
            return bare[:-1], True
        return line, False

    def _joined(self, line: str, goes_on: bool, start: int) -> tuple[str, list[tuple[int, int]]]:
        """The text of an instruction, and where in it each line begins."""
        parts, size, places = [line], len(line), [(0, start)]
        while goes_on and self.at < len(self.lines):
            number = self.at + 1
            more = self._next()
            if more.lstrip().startswith("#") or not more.strip():
                continue  # comments and empty lines don't end it
            more, goes_on = self._trimmed(more)
            places.append((size, number))
            parts.append(more)
            size += len(more)
        return "".join(parts), places

    def _instruction(self, text: str, line: int, places: tuple[tuple[int, int], ...]) -> Instruction:
        name, rest = _split(text)
        upper = name.upper()
        if upper not in INSTRUCTIONS:
            near = difflib.get_close_matches(upper, INSTRUCTIONS, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise Broken(
                line,
                f"{name} is not an instruction of a Dockerfile.{meant}",
                shown=f"unknown instruction: {name}",
            )
        inner = upper
        if upper == "ONBUILD":
            inner = _split(rest)[0].upper()
        flags, rest = _flags(rest, self.escape, upper, line)
        words = (
            _json_words(_split(rest)[1] if upper == "HEALTHCHECK" else rest, line) if upper in _JSON else None
        )
        heredocs: tuple[Heredoc, ...] = ()
        if inner in ("RUN", "COPY", "ADD") and words is None and "<<" in text:
            heredocs = tuple(self._heredocs(text, line))
        return Instruction(upper, line, rest, flags, words, heredocs, text, places)

    def _heredocs(self, text: str, line: int) -> Iterator[Heredoc]:
        for word in _heredoc_words(text):
            match = _HEREDOC.fullmatch(word)
            if match is None or not match[3].strip():
                continue
            raw = match[3].strip()
            name = raw.replace("'", "").replace('"', "").replace("\\", "")
            content: list[str] = []
            while True:
                if self.at >= len(self.lines):
                    raise Broken(line, f"The here-document has no line {name}.", shown="unterminated heredoc")
                more = self.lines[self.at].rstrip("\r")
                self.at += 1
                if (more.lstrip("\t") if match[2] else more) == name:
                    break
                content.append(more.lstrip("\t") if match[2] else more)
            yield Heredoc(name, "".join(f"{one}\n" for one in content), expand=raw == name)


def _split(text: str) -> tuple[str, str]:
    """The first word and the rest."""
    at = next((place for place, char in enumerate(text) if char in _BLANKS), len(text))
    return text[:at], text[at:].strip()


def _heredoc_words(text: str) -> Iterator[str]:
    """The words of a line that can start a here-document; quoted text can't."""
    word, quote = "", ""
    joining = False
    for char in f"{text} ":
        if quote:
            word += char
            quote = "" if char == quote else quote
        elif char in "'\"":
            word, quote, joining = word + char, char, False
        elif char.isspace() and not (joining and word.endswith(("<<", "<<-"))):
            if word:
                yield word
            word = ""
        elif not char.isspace():
            word, joining = word + char, True


def _flags(text: str, escape: str, name: str, line: int) -> tuple[tuple[tuple[str, str], ...], str]:
    """The flags at the start of the arguments, and what follows them."""
    found: list[tuple[str, str]] = []
    at = 0
    while text[at : at + 2] == "--":
        word, quote = "", ""
        while at < len(text) and (quote or text[at] not in f"{_BLANKS}\n"):
            char = text[at]
            if char == escape and at + 1 < len(text):
                at += 1
                word += text[at]
            elif quote:
                quote, word = ("", word) if char == quote else (quote, word + char)
            elif char in "'\"":
                quote = char
            else:
                word += char
            at += 1
        while at < len(text) and text[at] in f"{_BLANKS}\n":
            at += 1
        if word == "--":
            break
        found.append(_flag(word, name, line, [key for key, _ in found]))
    return tuple(found), text[at:].strip()


def _flag(word: str, name: str, line: int, seen: list[str]) -> tuple[str, str]:
    key, equals, value = word[2:].partition("=")
    known = _FLAGS.get(name, set())
    if key not in known:
        near = difflib.get_close_matches(key, sorted(known), n=1)
        meant = f" Did you mean --{near[0]}?" if near else ""
        raise Broken(line, f"{name} has no flag --{key}.{meant}", shown=f"unknown flag: --{key}")
    if key in seen and key not in _REPEATED:
        raise Broken(line, f"The flag --{key} is set twice.", shown=f"duplicate flag specified: --{key}")
    if key in _SWITCHES:
        if value.lower() not in ("", "true", "false") or (equals and not value):
            raise Broken(line, f"--{key} is true or false, not {value!r}.")
        return key, "false" if value.lower() == "false" else "true"
    if not equals:
        raise Broken(line, f"--{key} needs a value: --{key}=...", shown=f"missing a value on flag: --{key}")
    return key, value


def _json_words(text: str, line: int) -> tuple[str, ...] | None:
    """The items of the exec form; None for the shell form, which includes JSON with a mistake."""
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list) or any(not isinstance(one, str) for one in value):
        raise Broken(
            line,
            "The exec form is a JSON array of strings only.",
            shown="when using JSON array syntax, arrays must be comprised of strings only",
        )
    return tuple(value)


def stage_name(instruction: Instruction) -> tuple[str, str]:
    """The base and the name of a stage, in lower case; empty for none. Raises `Broken`."""
    words = instruction.rest.split()
    if len(words) == 1:
        return words[0], ""
    if len(words) != 3 or words[1].lower() != "as":
        raise Broken(
            instruction.line,
            "FROM takes a base, or a base, AS and a name.",
            shown="FROM requires either one or three arguments",
        )
    name = words[2].lower()
    if not _STAGE.fullmatch(name):
        raise Broken(instruction.line, f"{words[2]!r} can't be the name of a stage: it starts with a letter.")
    return words[0], name


def split_words(text: str, escape: str) -> list[str]:
    """Words with their quotes kept, as ENV, LABEL and ARG take them (`parseWords`)."""
    words: list[str] = []
    word, quote, open_ = "", "", False
    at = 0
    while at < len(text):
        char = text[at]
        if char == escape and quote != "'":
            if at + 1 < len(text):
                word += char + text[at + 1]
            open_, at = True, at + 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char.isspace():
            if open_:
                words.append(word)
            word, open_, at = "", False, at + 1
            continue
        word, open_, at = word + char, True, at + 1
    return [*words, word] if open_ else words


def pairs(instruction: Instruction, escape: str) -> list[tuple[str, str]]:
    """The keys and values of ENV and LABEL, in either form. Raises `Broken`."""
    words = split_words(instruction.rest, escape)
    if not words:
        raise Broken(instruction.line, f"{instruction.name} needs at least one argument.")
    if "=" not in words[0]:
        key, value = _split(instruction.rest)
        if not value:
            raise Broken(
                instruction.line,
                f"{instruction.name} needs a name and a value.",
                shown=f"{instruction.name} must have two arguments",
            )
        return [(key, value)]
    for word in words:
        if "=" not in word:
            raise Broken(
                instruction.line,
                f"{word!r} has no =: write name=value, or quote the value.",
                shown=f"Syntax error - can't find = in {word!r}. Must be of the form: name=value",
            )
    return [(one.partition("=")[0], one.partition("=")[2]) for one in words]
