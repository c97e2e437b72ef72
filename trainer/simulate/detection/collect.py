"""Read the entries of rule files into definitions, in the order of the files.

Follows `read_item` of falcosecurity/falco 0.44 (`userspace/engine/rule_loader_reader.cpp`), with its
messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trainer.errors import NotJudged
from trainer.manifests.values import mapping
from trainer.patterns import regex
from trainer.simulate.detection.definitions import PRIORITIES, SYSCALL, Definitions, Exemption, Rule
from trainer.simulate.detection.sections import VALIDATE, YAML_VALIDATE, LoadError, Section, scalar
from trainer.verdict import Location, Problem, Severity

ENGINE = (0, 62, 0)
"""The version of the rule engine of Falco 0.44."""

_APPENDABLE = ("condition", "output", "desc", "tags", "exceptions")
_REPLACEABLE = (
    *("condition", "output", "desc", "priority", "capture", "capture_duration", "tags", "exceptions"),
    *("enabled", "warn_evttypes", "skip-if-unknown-filter"),
)
_KEYS = {
    "list": ("list", "items", "append", "override"),
    "macro": ("macro", "condition", "append", "override"),
    "rule": ("rule", "source", "append", "override", *_REPLACEABLE),
}
_BOTH = (
    "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry "
    "(e.g. 'condition: append') under 'override' instead."
)
_LIST_NAME = regex(r"""[^()"'\s=,]+""")
_VERSION = regex(r"[0-9]{1,9}(?:\.[0-9]{1,9}){2}")


def collect(entries: Iterable[Section]) -> tuple[Definitions, tuple[Problem, ...]]:
    """All definitions, and Falco's warnings. Raises `LoadError` for the first error."""
    found = Definitions()
    warnings: list[Problem] = []
    for entry in entries:
        if entry.has("required_engine_version"):
            _require(entry)
            continue
        if entry.has("required_plugin_versions"):
            _require_plugins(entry)
            continue
        kind = next((key for key in _KEYS if entry.has(key)), None)
        if kind is None:
            warnings.append(Problem("Unknown top level item", Severity.WARNING, entry.where()))
            continue
        _READERS[kind](entry, found)
        for key in entry.data:
            if key not in _KEYS[kind]:
                message = f"Unknown key '{key}'. The key will be ignored."
                warnings.append(Problem(message, Severity.WARNING, entry.where(key)))
        if kind == "rule" and (source := str(entry.data.get("source") or SYSCALL)) != SYSCALL:
            message = f"Unknown source {source}, skipping"
            warnings.append(Problem(message, Severity.WARNING, entry.where("source")))
    return found, tuple(warnings)


def _require(entry: Section) -> None:
    """Raises `LoadError` if Falco is too old for a file."""
    key = "required_engine_version"
    value = entry.data[key]
    text = f"0.{value}.0" if isinstance(value, int) and value >= 0 else entry.string(key)
    text = f"0.{text}.0" if text.isascii() and text.isdigit() else text
    if not _VERSION.fullmatch(text):
        message = f"Unable to parse engine version '{text}' as a semver string."
        raise entry.error(f'{message} Expected "x.y.z" semver format.', key)
    wanted = tuple(map(int, text.split(".")))
    if wanted[0] != ENGINE[0] or wanted > ENGINE:
        own = ".".join(map(str, ENGINE))
        message = f"Rules require engine version {text}, but engine version is {own}"
        raise entry.error(message, key, code=VALIDATE)


def _require_plugins(entry: Section) -> None:
    """Falco's default configuration loads the plugin `container` alone; nothing is known of others."""
    for plugin in entry.data["required_plugin_versions"] or ():
        if not isinstance(plugin, dict) or plugin.get("name") != "container":
            raise NotJudged("a plugin other than container", entry.where("required_plugin_versions"))


def _overrides(entry: Section, append: tuple[str, ...], replace: tuple[str, ...]) -> dict[str, str]:
    """The operation for each overridden key. Raises `LoadError`."""
    written = entry.data.get("override")
    if written is None:
        return {}
    if not isinstance(written, dict):
        raise NotJudged("an override that isn't a mapping", entry.where("override"))
    for key, operation in written.items():
        place = ("override", key)
        if operation == "append" and key not in append:
            raise entry.error(f"Key '{key}' cannot be appended to, use 'replace' instead", *place)
        if operation == "replace" and key not in replace:
            raise entry.error(f"Key '{key}' cannot be replaced", *place)
        if operation not in ("append", "replace"):
            allowed = [word for word, keys in (("append", append), ("replace", replace)) if key in keys]
            message = f"Invalid override operation for key '{key}': '{operation}'. Allowed values are: "
            raise entry.error(f"{message}{' '.join(allowed)}", *place)
    if written and entry.flag("append", default=False):
        raise entry.error(_BOTH, "append")
    return mapping(written)


def _list(entry: Section, found: Definitions) -> None:
    name = entry.string("list")
    if not _LIST_NAME.fullmatch(name):
        raise NotJudged("a blank, bracket, comma or another sign in the name of a list", entry.where())
    items = entry.strings("items", required=True)
    append = entry.flag("append", default=False)
    operations = _overrides(entry, ("items",), ("items",))
    if append or operations.get("items") == "append":
        found.append_list(name, items, entry.where())
    else:
        found.define_list(name, items, entry.where())


def _macro(entry: Section, found: Definitions) -> None:
    name = entry.string("macro")
    condition = entry.condition()
    append = entry.flag("append", default=False)
    operations = _overrides(entry, ("condition",), ("condition",))
    if append or operations.get("condition") == "append":
        found.append_macro(name, condition, entry.where())
    else:
        found.define_macro(name, condition, entry.where())


def _rule(entry: Section, found: Definitions) -> None:
    name = entry.string("rule")
    source = str(entry.data.get("source") or "")
    append = entry.flag("append", default=False)
    operations = _overrides(entry, _APPENDABLE, _REPLACEABLE)
    if operations:
        _override(entry, found, name, source, operations)
    elif append:
        parts = {key: _part(entry, key, append=True) for key in ("condition", "exceptions") if entry.has(key)}
        found.append_rule(name, source, entry.where(), parts)
    elif not any(entry.has(key) for key in ("condition", "output", "desc", "priority")):
        enabled = entry.string("enabled") and entry.flag("enabled", default=True)
        found.enable_rule(name, entry.where("enabled"), enabled=bool(enabled))
    else:
        found.define_rule(_whole(entry, name))


def _override(entry: Section, found: Definitions, name: str, source: str, operations: dict[str, str]) -> None:
    """What `override` says, first the keys to append, then those to replace. Raises `LoadError`."""
    expected = [key for key in _REPLACEABLE if entry.has(key)]
    for operation, apply in (("append", found.append_rule), ("replace", found.replace_rule)):
        keys = [key for key in _REPLACEABLE if operations.get(key) == operation]
        for key in keys:
            if key not in expected:
                message = f"An {operation} override for '{key}' was specified but '{key}' is not defined"
                raise entry.error(message, "override", key)
            expected.remove(key)
        if keys:
            parts = {key: _part(entry, key, append=operation == "append") for key in keys}
            apply(name, source, entry.where(), _as_fields(entry, parts, operation, found, name))
    for key in expected:
        message = f"Unexpected key '{key}': no corresponding entry under 'override' is defined."
        raise entry.error(message, key)


def _as_fields(
    entry: Section, parts: dict[str, Any], operation: str, found: Definitions, name: str
) -> dict[str, Any]:
    """Parts of an entry as fields of a rule, with their places."""
    fields = {key: value for key, value in parts.items() if key in _FIELDS}
    if "skip-if-unknown-filter" in parts:
        fields["skip_unknown"] = parts["skip-if-unknown-filter"]
    if operation == "replace" and "condition" in fields:
        fields["condition"] = (fields["condition"],)
    if "output" in fields:
        fields["output_place"] = entry.where("output")
    before = found.rules.get(name)
    if fields and before is not None:
        places = dict(before.parts) | {key: entry.where(key) for key in _PLACED if key in fields}
        fields["parts"] = tuple(places.items())
    return fields


_PLACED = ("priority", "tags", "enabled")
_FIELDS = ("condition", "output", "desc", "priority", "tags", "exceptions", "enabled")


def _part(entry: Section, key: str, *, append: bool) -> Any:
    """The value of one key of a rule, as a field of `Rule` has it."""
    if key == "condition":
        return entry.condition()
    if key in ("enabled", "capture", "warn_evttypes", "skip-if-unknown-filter"):
        entry.string(key)
        return entry.flag(key, default=False)
    if key == "tags":
        return tuple(sorted(set(entry.strings(key, required=True))))
    if key == "exceptions":
        found = _exceptions(entry, append=append)
        for one in () if append else found:
            _test_comps(one)
        return found
    if key == "priority":
        return _priority(entry)
    if key == "capture_duration":
        return _duration(entry)
    return entry.string(key)


def _priority(entry: Section) -> str:
    word = entry.string("priority").lower()
    for name in PRIORITIES:
        if word == name.lower() or (word == "info" and name == "Informational"):
            return name
    raise entry.error("Invalid priority", "priority")


def _duration(entry: Section) -> str:
    text = entry.string("capture_duration", required=False)
    if text and not (text.isascii() and text.isdigit()):
        raise entry.error("Can't decode YAML scalar value", "capture_duration")
    return text


def _whole(entry: Section, name: str) -> Rule:
    """A rule that is defined in one entry. Raises `LoadError`."""
    condition = entry.condition()
    output = entry.string("output").strip()
    desc = entry.string("desc")
    _duration(entry)
    return Rule(
        name,
        (condition,),
        output,
        desc,
        _priority(entry),
        entry.where(),
        entry.where("output"),
        entry.string("source", required=False) or SYSCALL,
        tuple(sorted(set(entry.strings("tags")))),
        entry.flag("enabled", default=True),
        _exceptions(entry, append=False),
        entry.flag("skip-if-unknown-filter", default=False),
        tuple((key, entry.where(key)) for key in _PLACED),
    )


def _exceptions(entry: Section, *, append: bool) -> tuple[Exemption, ...]:
    written = entry.data.get("exceptions")
    if written is None:
        return ()
    if not isinstance(written, list):
        raise entry.error("Rule exceptions must be a sequence", "exceptions")
    return tuple(_exception(entry, one, index, append=append) for index, one in enumerate(written))


def _exception(entry: Section, one: Any, index: int, *, append: bool) -> Exemption:
    place = entry.where("exceptions", index)
    if not isinstance(one, dict):
        raise LoadError(YAML_VALIDATE, "Rule exception must be a mapping", place)
    if one.get("name") in (None, ""):
        raise LoadError(YAML_VALIDATE, "Item has no mapping for key 'name'", place)
    if "fields" not in one and not append:
        raise LoadError(YAML_VALIDATE, "Item has no mapping for key 'fields'", place)
    values = one.get("values", [])
    if not isinstance(values, list):
        raise LoadError(YAML_VALIDATE, "Rule exception values must be a sequence", place)
    return Exemption(
        str(one["name"]),
        _texts(one.get("fields"), place),
        _texts(one.get("comps"), place),
        tuple(_value(value, entry, "exceptions", index, "values", at) for at, value in enumerate(values)),
        place,
    )


def _test_comps(one: Exemption) -> None:
    """Where exceptions are replaced, Falco doesn't add the missing comparisons, and fails.

    `collector::selective_replace` and `build_rule_exception_infos` in userspace/engine.
    """
    if isinstance(one.fields, tuple):
        if not isinstance(one.comps, tuple) or len(one.comps) != len(one.fields):
            raise LoadError(VALIDATE, "Fields and comps lists must have equal length", one.place)
    elif not isinstance(one.comps, str):
        raise LoadError(VALIDATE, "Fields and comps must both be strings", one.place)


def _texts(value: Any, place: Location) -> str | tuple[str, ...] | None:
    """The fields or the comparisons of an exception."""
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    if value is None or (isinstance(value, str) and value):
        return value
    raise NotJudged("fields or comps of an exception that aren't texts", place)


def _value(value: Any, entry: Section, *path: str | int) -> Any:
    if isinstance(value, dict):
        raise NotJudged("a mapping in an exception", entry.where(*path))
    if isinstance(value, list):
        return tuple(_value(one, entry, *path, index) for index, one in enumerate(value))
    if value in ("", None):
        raise entry.error("Value must be non-empty", *path)
    return scalar(value, entry.where(*path), entry.text)


_READERS = {"list": _list, "macro": _macro, "rule": _rule}
