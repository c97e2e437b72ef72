"""Settings, and where each of them comes from.

Later wins: built-in default, settings file (TOML), environment (`CKS_TRAINER_<NAME>`), option.
The settings file is `config.toml` in the platform's configuration folder; `CKS_TRAINER_CONFIG` or
`--config` names another one. A wrong setting is a `ConfigError` that names the place and, for a
misspelled one, the likely intent.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.errors import ConfigError
from trainer.files import FileFault, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "CKS_TRAINER_"
"""What the names of the environment variables start with."""

_PATHS = {
    "workspace": "folder for your answers, with one folder per card",
    "database": "file that stores your progress",
    "pack": "folder with tasks/ and solutions/ to use instead of the built-in cards",
    "class_store": "file of a lab to which your results are added, for its board",
}
_TEXTS = {
    "context": "kubeconfig context for live checks; the current context is never used implicitly",
    "production": "patterns of context names that look like production, separated by commas",
    "max_nodes": "a cluster with more nodes than this looks like production",
    "max_namespaces": "a cluster with more unrelated namespaces than this looks like production",
    "editor": "command that opens an answer",
    "learner": "your name in the class of class_store",
}
SETTINGS = {**_PATHS, **_TEXTS}
"""Every setting by name, with what it means."""


class Settings(msgspec.Struct, frozen=True):
    """The settings of one run. `sources` says for each name where its value came from."""

    workspace: Path
    database: Path
    config_file: Path
    context: str | None = None
    editor: str | None = None
    pack: Path | None = None
    production: tuple[str, ...] = ("*prod*", "*prd*")
    max_nodes: int = 5
    max_namespaces: int = 15
    class_store: Path | None = None
    learner: str | None = None
    sources: dict[str, str] = {}


def load_settings(
    overrides: Mapping[str, str | None] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Put the settings together.

    `overrides` are the options given on the command line, by setting name, and `config` for the
    settings file; None and missing mean: not given. `environ` is `os.environ` by default. Raises
    `ConfigError` for an unknown name or an invalid value.
    """
    environ = os.environ if environ is None else environ
    options = {name: value for name, value in (overrides or {}).items() if value is not None}
    file, chosen = _config_file(options.pop("config", None), environ)
    values: dict[str, str] = {}
    sources = dict.fromkeys(SETTINGS, "default")
    for name, value, source in (
        *_from_file(file, must_exist=chosen),
        *_from_environment(environ),
        *((name, value, f"option --{name}") for name, value in options.items()),
    ):
        if name not in SETTINGS:
            remedy = _meant(name, SETTINGS) or f"settings: {', '.join(SETTINGS)}"
            raise ConfigError(f"{source}: unknown setting {name!r}", remedy=remedy)
        values[name], sources[name] = value, source
    for name in _PATHS:
        if name in values:
            values[name] = str(_path(values[name], file, sources[name]))
    if "editor" not in values:
        for variable in ("VISUAL", "EDITOR"):
            if environ.get(variable, "").strip():
                values["editor"], sources["editor"] = environ[variable], f"environment {variable}"
                break
    if values.get("class_store") and not values.get("learner", "").strip():
        raise ConfigError(
            f"{sources['class_store']}: class_store needs the name of the learner",
            remedy='write learner = "your name", as in the roster',
        )
    return Settings(
        workspace=Path(values.get("workspace") or home() / "cks-practice"),
        database=Path(values.get("database") or platform_folder("data") / "progress.db"),
        config_file=file,
        context=values.get("context") or None,
        editor=values.get("editor") or None,
        pack=Path(values["pack"]) if values.get("pack") else None,
        class_store=Path(values["class_store"]) if values.get("class_store") else None,
        learner=values.get("learner") or None,
        **_limits(values, sources),
        sources=sources,
    )


def _limits(values: Mapping[str, str], sources: Mapping[str, str]) -> dict[str, Any]:
    """What looks like production, as far as the settings say."""
    found: dict[str, Any] = {}
    if "production" in values:
        found["production"] = tuple(part.strip() for part in values["production"].split(",") if part.strip())
    for name in ("max_nodes", "max_namespaces"):
        if name in values:
            if not (values[name].isascii() and values[name].isdigit()):
                raise ConfigError(
                    f"{sources[name]}: {name} must be a whole number", remedy=f'write {name} = "5"'
                )
            found[name] = int(values[name])
    return found


def _config_file(option: str | None, environ: Mapping[str, str]) -> tuple[Path, bool]:
    """The settings file, and whether it was named explicitly (then it must exist)."""
    named = option or environ.get(f"{PREFIX}CONFIG")
    if named:
        return _path(named, Path(), "option --config" if option else f"environment {PREFIX}CONFIG"), True
    return platform_folder("config") / "config.toml", False


def platform_folder(use: Literal["config", "data", "cache"]) -> Path:
    """The platform's usual folder for settings, data or a cache of this program.

    On Linux by the XDG base directory specification, reimplemented here because platformdirs
    takes 5 ms to import, which every cold start would pay.
    """
    if sys.platform == "linux":
        fallback = {"config": ".config", "data": ".local/share", "cache": ".cache"}[use]
        named = os.environ.get(f"XDG_{use.upper()}_HOME", "")
        return (Path(named) if os.path.isabs(named) else home() / fallback) / "cks-trainer"  # noqa: PTH117
    import platformdirs

    return Path(getattr(platformdirs, f"user_{use}_path")("cks-trainer"))


def home() -> Path:
    """The person's home folder; without one, the name that systems have for a home that isn't there.

    So what needs no home works (`grade FILE`, `batch`), and what does names the folder that it misses.
    """
    try:
        return Path.home()
    except RuntimeError:  # HOME is not set, and the system doesn't know the user
        return Path("/nonexistent")


def from_home(path: Path) -> str:
    """A path as people write it: `~` is the home folder."""
    own = home()
    return f"~/{path.relative_to(own)}" if path != own and path.is_relative_to(own) else str(path)


def _from_file(file: Path, *, must_exist: bool) -> list[tuple[str, str, str]]:
    try:
        text = read_file(file).decode("utf-8-sig")
    except FileFault as fault:
        if fault.why != "missing":
            raise ConfigError(f"the settings file {fault.message}", remedy=fault.remedy) from None
        if must_exist:
            raise ConfigError(f"{file}: no such settings file", remedy="check the name") from None
        return []
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file}:{line}: not UTF-8 text", remedy="save it as UTF-8") from None
    import tomllib

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{file}: not valid TOML: {error}", remedy='write each setting as: name = "value"'
        ) from None
    return [_file_setting(file, text, name, value) for name, value in table.items()]


def _file_setting(file: Path, text: str, name: str, value: Any) -> tuple[str, str, str]:
    """One setting of the file as name, value and `file:line`."""
    lines = text.splitlines()
    starts = [line.lstrip(" \t[").lstrip("\"'") for line in lines]
    number = next((number for number, line in enumerate(starts, 1) if line.startswith(name)), 1)
    source = f"{file}:{number}"
    if name in SETTINGS and not isinstance(value, str):
        raise ConfigError(f"{source}: {name} must be text", remedy=f'write {name} = "..."')
    return name, str(value), source


def _from_environment(environ: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Settings of the environment. A similar name counts as a typing error."""
    known = {PREFIX + name.upper(): name for name in SETTINGS}
    found = []
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == f"{PREFIX}CONFIG":
            continue
        if variable in known:
            if value:
                found.append((known[variable], value, f"environment {variable}"))
        elif remedy := _meant(variable, known, cutoff=0.88):
            raise ConfigError(f"environment: unknown setting {variable}", remedy=remedy)
    return found


def _path(value: str, file: Path, source: str) -> Path:
    """A path setting as an absolute path; in the settings file it is relative to that file."""
    if not value.strip() or "\0" in value:
        raise ConfigError(f"{source}: {value!r} is not a path", remedy="name a file or folder")
    base = file.parent if source.startswith(f"{file}:") else Path.cwd()
    try:
        return base / Path(value).expanduser()
    except RuntimeError:
        raise ConfigError(f"{source}: {value!r}: no such user", remedy="write the full path") from None


def _meant(name: str, known: Mapping[str, str], cutoff: float = 0.6) -> str:
    """A question that names the likely setting, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1, cutoff=cutoff)
    return f"did you mean {close[0]}?" if close else ""
