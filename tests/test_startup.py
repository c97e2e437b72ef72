"""Tests of `startup`: libraries imported first, without what no start needs of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_start_imports_no_typing_extensions_and_leaves_them_to_others() -> None:
    code = (
        "import sys\n"
        "from trainer.startup import import_quickly\n"
        "import_quickly('click', 'msgspec')\n"
        "print({'click', 'msgspec'} <= sys.modules.keys(), 'typing_extensions' in sys.modules)\n"
        "import typing_extensions\n"
        "print(typing_extensions.__name__)\n"
    )
    assert run(code) == "True False\ntyping_extensions\n"


def test_msgspec_knows_required_and_optional_keys_without_them() -> None:
    code = (
        "from trainer.startup import import_quickly\n"
        "import_quickly('click', 'msgspec')\n"
        "import msgspec, typing\n"
        "T = typing.TypedDict('T', {'a': int, 'b': typing.NotRequired[int]})\n"
        "print(msgspec.convert({'a': 1}, T))\n"
        "try:\n    msgspec.convert({'b': 1}, T)\n"
        "except msgspec.ValidationError as error:\n    print(error)\n"
    )
    assert run(code) == "{'a': 1}\nObject missing required field `a`\n"


def test_click_cleans_its_help_as_ever() -> None:
    code = (
        "import sys\n"
        "from trainer.startup import import_quickly\n"
        "import_quickly('click')\n"
        "import click\n"
        "one = click.Option(['--one'], help=' One line.').help\n"
        "print(repr(one), 'inspect' in sys.modules)\n"
        "two = click.Option(['--two'], help='Two\\n    lines.').help\n"
        "import inspect\n"
        "print(repr(two), inspect.cleandoc is not click.core.inspect.cleandoc, inspect.__file__ is not None)\n"
    )
    assert run(code) == "'One line.' False\n'Two\\nlines.' True True\n"


def test_what_stands_in_is_the_module_itself_for_others() -> None:
    code = (
        "import sys\n"
        "from trainer.startup import import_quickly\n"
        "import_quickly('pathlib', 'click', 'msgspec')\n"
        "waiting = 'gettext', 'msgspec.inspect', 'msgspec._json_schema', 'platform', 'urllib.parse'\n"
        "print([name for name in waiting if name in sys.modules])\n"
        "import click, msgspec, pathlib, uuid\n"
        "print(click.core._('Usage:'), click.core.ngettext('one', 'two', 2), click.core.ngettext('one', 'two', 1))\n"
        "print(msgspec.json.schema(int), type(msgspec.inspect.type_info(int)).__name__)\n"
        "print(msgspec.yaml.decode(b'a: 1'), pathlib.PurePosixPath('/a b').as_uri(), len(str(uuid.uuid4())))\n"
        "import gettext, msgspec.inspect, platform, urllib.parse\n"
        "print(gettext.gettext('x'), urllib.parse.quote('a b'), platform.system() == click.types.uuid.platform.system()\n"
        "      if hasattr(uuid, 'platform') else True, msgspec.inspect.type_info(str).__module__)\n"
    )
    assert run(code).splitlines() == [
        "[]",
        "Usage: two one",
        "{'type': 'integer'} IntType",
        "{'a': 1} file:///a%20b 36",
        "x a%20b True msgspec.inspect",
    ]


def test_what_is_imported_already_stays() -> None:
    code = (
        "import sys, typing_extensions, gettext\n"
        "from trainer.startup import import_quickly\n"
        "import_quickly('click', 'msgspec')\n"
        "print(sys.modules['typing_extensions'] is typing_extensions, 'click' in sys.modules)\n"
        "import click\n"
        "print(click.core._ is gettext.gettext)\n"
    )
    assert run(code) == "True True\nTrue\n"


def test_nothing_is_imported_while_other_threads_run() -> None:
    code = (
        "import sys, threading\n"
        "from trainer.startup import import_quickly\n"
        "end = threading.Event()\n"
        "threading.Thread(target=end.wait).start()\n"
        "import_quickly('click')\n"
        "print('click' in sys.modules, 'inspect' in sys.modules)\n"
        "end.set()\n"
    )
    assert run(code) == "False False\n"


_OF_TEXTUAL = """
import sys
from trainer.startup import _StandIn, import_quickly

import_quickly("msgspec")
import_quickly("textual")
waiting = "asyncio.sslproto", "rich.panel", "rich.table", "ssl", "textual.canvas", "textual.types"
print([name for name in waiting if name in sys.modules])

import asyncio, asyncio.sslproto, dataclasses, inspect, pickle, ssl, textual.style, typing_extensions
print(asyncio.base_events.ssl.SSLContext is ssl.SSLContext, dataclasses.inspect is inspect)
import typing
print(hasattr(typing, "compile"), typing.get_type_hints(textual.geometry.Offset))
print(asyncio.base_events.sslproto.SSLProtocol is asyncio.sslproto.SSLProtocol)
print(textual.style.dumps is pickle.dumps, isinstance(typing_extensions, _StandIn))

async def stack_of_a_future():
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    return loop.create_future()._source_traceback[-1].name

print(asyncio.run(stack_of_a_future()))

from textual.css.tokenizer import get_suggestion
print(get_suggestion("primry", ["primary", "accent"]))
from textual.app import App
print(type(App().tree).__name__)


# A function that imports on its call stands for a class, too: then nobody may do more with it.
import ast
from pathlib import Path
checked = 0
for module in [one for one in sys.modules.values() if getattr(one, "__file__", None)]:
    names = {n for n, value in vars(module).items() if getattr(value, "__qualname__", "") == "_call.<locals>.call"}
    if not names:
        continue
    tree = ast.parse(Path(module.__file__).read_text())
    for node in ast.walk(tree):
        for field in ("annotation", "returns"):
            if getattr(node, field, None) is not None:
                setattr(node, field, None)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            checked += 1
            if id(node) not in called:
                print(module.__name__, node.lineno, node.id)
print(checked > 10)
"""


def test_textual_is_whole_without_what_it_imports() -> None:
    assert run(_OF_TEXTUAL).splitlines() == [
        "[]",
        "True True",
        "False {'x': <class 'int'>, 'y': <class 'int'>}",
        "True",
        "True False",
        "create_future",
        "primary",
        "Tree",
        "True",
    ]
