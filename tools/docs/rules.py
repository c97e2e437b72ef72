"""The reference of the rules, from their docstrings and parameters: `docs/rules.md`."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tools.docs.source import ROOT, class_nodes, field_docs, module_doc, structs_below
from trainer.content.card import CheckFile
from trainer.match.target import Target
from trainer.rules import Reads, load_rule, rule_names

_INTRO = """\
# Rules

Generated from the rules by `make docs`. A card's check names a rule and gives it parameters:

```yaml
checks:
  - id: read-only-root
    says: Every container of pod-ro has a read-only root filesystem
    points: 3
    needs: [pod-exists]
    rule: fields
    object: Pod sun/pod-ro
    expect: {pod: {spec: {all-containers: {every: {securityContext: {readOnlyRootFilesystem: true}}}}}}
```

## What every check has
"""


def rules_page() -> str:
    """All rules with their parameters; how objects, Pods, subjects and addresses are named. Markdown."""
    lines = [_INTRO, *_table(CheckFile), "", "## How objects are named", "", *_text_of(Target), ""]
    lines += [*_table(Target), "", "## How Pods, addresses and subjects are named", ""]
    lines += [module_doc(ROOT / "trainer/simulate/names.py")]
    for name in rule_names():
        module = importlib.import_module(load_rule(name).__name__)  # type: ignore[attr-defined]
        lines += ["", f"## {name}", "", module_doc(Path(str(inspect.getsourcefile(module)))), ""]
        lines += [_reads(module), "", *_picture(module)]
        for struct in structs_below(module.Params):
            if struct is Target:
                continue
            if struct is not module.Params:
                lines += ["", f"### {name}: {struct.__name__}", "", *_text_of(struct), ""]
            lines += list(_table(struct))
    return "\n".join(lines) + "\n"


def _reads(module: Any) -> str:
    """Whether a cluster shows what the rule judges, and which kinds it looks at; one paragraph."""
    reads: Reads = module.READS
    own = ["its `object`"] if "object" in module.Params.__struct_encode_fields__ else []
    kinds = ", ".join([*own, *(f"`{kind}`" for kind in sorted(reads.kinds))])
    return f"**In a cluster:** {reads.live}.{f' **Looks at:** {kinds}.' if kinds else ''}"


def _picture(module: Any) -> list[str]:
    """What the rule draws, if it does; one paragraph."""
    if not hasattr(module, "picture"):
        return []
    return [f"**Effect** (`grade --effect`): {' '.join(str(module.picture.__doc__).split())}", ""]


def _text_of(struct: type[Any]) -> list[str]:
    return [inspect.cleandoc(struct.__doc__ or "")]


def _table(struct: type[Any]) -> Iterator[str]:
    texts, types = field_docs(struct), _annotations(struct)
    if not msgspec.structs.fields(struct):
        yield "It takes no parameters."
        return
    yield from ("| Field | Type | Default | |", "|---|---|---|---|")
    for field in msgspec.structs.fields(struct):
        default = "required" if field.required else f"`{_default(field)}`"
        kind = types.get(field.name, "").replace("|", "\\|")
        text = texts.get(field.encode_name, "").replace("|", "\\|")
        yield f"| `{field.encode_name}` | `{kind}` | {default} | {text} |"


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    return msgspec.json.encode(value).decode()


def _annotations(struct: type[Any]) -> dict[str, str]:
    """The fields' types as they are written; `tuple[X, ...]` becomes `list of X`."""
    return {
        field.target.id: _said(field.annotation)
        for node in class_nodes(struct)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def _said(node: ast.expr) -> str:
    if isinstance(node, ast.BinOp):
        return f"{_said(node.left)} | {_said(node.right)}"
    if isinstance(node, ast.Constant) and node.value is None:
        return "nothing"
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if node.value.id == "Literal":
            return " | ".join(ast.unparse(one).strip("'") for one in inner)
        if node.value.id in ("tuple", "list"):
            return f"list of {_said(inner[0])}"
        if node.value.id == "dict":
            return f"mapping of {_said(inner[1])}"
    names = {"str": "text", "bool": "true | false", "int": "number", "Any": "any"}
    return names.get(ast.unparse(node), ast.unparse(node))
