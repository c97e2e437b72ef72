"""Tests of `manifests.reading.libyaml`: the part of PyYAML that reading needs, and all of it for others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trainer.manifests.reading.libyaml import CParser, yaml

ROOT = Path(__file__).parents[3]

_CODE = """
import sys
import pytest

from trainer.manifests.reading.libyaml import CParser, yaml as begun
event = CParser("a: 1").get_event()
print(isinstance(event, begun.StreamStartEvent), "yaml.loader" in sys.modules, "yaml.emitter" in sys.modules)
import yaml
print(yaml is begun, yaml.load("a: [1]", Loader=yaml.CSafeLoader), yaml.safe_load("b: 0x10"))
print(yaml.dump({"a": 1}, Dumper=yaml.CDumper).strip(), isinstance(event, yaml.StreamStartEvent))
for loader in (yaml.SafeLoader, yaml.CSafeLoader):
    try:
        yaml.load("a: [", Loader=loader)
    except yaml.parser.ParserError as error:
        print(error.problem_mark.line)
print(yaml.constructor.ConstructorError.__module__, hasattr(yaml, "no_such_name"))
"""


def test_a_reader_imports_no_loader_and_others_find_all_of_the_package() -> None:
    done = subprocess.run([sys.executable, "-c", _CODE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "True False False",
        "True {'a': [1]} {'b': 16}",
        "a: 1 True",
        "0",
        "1",
        "yaml.constructor False",
    ]


def test_the_package_is_whole_where_it_was_imported_before() -> None:
    code = (
        "import yaml\nfrom trainer.manifests.reading import libyaml\nprint(libyaml.yaml is yaml, type(yaml))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True <class 'module'>\n"


def test_errors_have_their_places() -> None:
    parser = CParser("a: 1\nb: [\n")
    with pytest.raises(yaml.MarkedYAMLError) as raised:
        list(iter(parser.get_event, None))
    mark = raised.value.problem_mark
    assert mark is not None
    assert (mark.line, type(raised.value).__name__) == (2, "ParserError")
