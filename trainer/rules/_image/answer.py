"""The Dockerfile of an answer, built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.errors import NotJudged, UsageError
from trainer.simulate.images.build import Built, build
from trainer.simulate.images.dockerfile import Broken
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason, Status

_KEPT = 6
_builds: list[tuple[Mapping[str, Any], str, str, bool, Built | Broken]] = []
"""The latest builds: all checks of a card ask for the same one."""


class Wrong(msgspec.Struct, frozen=True):
    """One thing that isn't as required: why, at which line, and what shows it."""

    message: str
    line: int
    evidence: str


class Dockerfile(msgspec.Struct, frozen=True, eq=False):
    """The answer's Dockerfile with its ignore file."""

    file: str
    text: str
    ignore: str
    given: BuildGiven
    declared: Mapping[str, Any]

    def built(self, *, tampered: bool = False) -> Built | Broken:
        """What it builds, or where the build stops. Raises `NotJudged` with its line."""
        for declared, text, ignore, kind, known in _builds[::-1]:
            if declared is self.declared and (text, ignore, kind) == (self.text, self.ignore, tampered):
                return known
        result: Built | Broken
        try:
            result = build(self.given, self.text, self.ignore, tampered=tampered)
        except Broken as error:
            result = error
        except NotJudged as error:
            place = error.location or Location(self.file, 1, 1)
            raise NotJudged(error.construct, msgspec.structs.replace(place, file=self.file)) from None
        _builds.append((self.declared, self.text, self.ignore, tampered, result))
        del _builds[:-_KEPT]
        return result

    def at(self, line: int) -> Location:
        """A line of it."""
        return Location(self.file, max(line, 1), 1, f"line {max(line, 1)}")

    def masked(self, text: str) -> str:
        """A text without the values of the secrets."""
        for name, secret in self.given.secrets.items():
            text = text.replace(secret.value, f"<{name}>")
        return text

    def outcome(self, wrongs: list[Wrong]) -> Outcome:
        """FAIL with each fault, or PASS without any."""
        told = list(dict.fromkeys(wrongs))[:4]
        reasons = list(dict.fromkeys(Reason(self.masked(one.message), self.at(one.line)) for one in told))
        evidence = [self.masked(one.evidence) for one in told]
        return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def dockerfile_of(world: World) -> Dockerfile | Outcome:
    """The answer's Dockerfile; FAIL without one. Raises `UsageError` for a card without a build."""
    if not world.build:
        raise UsageError("the card declares no build", remedy="add a block `build` to the card")
    given = msgspec.convert(world.build, BuildGiven)
    texts = dict(world.texts)
    name = given.file if given.file in texts else next(iter(texts), "") if len(texts) == 1 else ""
    if not name or not texts[name].strip():
        reason = Reason(f"The answer has no file {given.file}.")
        return Outcome(Status.FAIL, (reason,), ("docker build: failed to read dockerfile: no such file.",))
    own = given.context.get(".dockerignore", "")
    default = own if isinstance(own, str) else own.content
    ignore = texts.get(f"{given.file}.dockerignore", default)
    return Dockerfile(name, texts[name], ignore, given, world.build)
