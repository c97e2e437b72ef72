"""Tests of `content.nodes`: the block `node` of a card."""

from __future__ import annotations

import msgspec

from tests.table import each_row
from trainer.content.card import CardFile
from trainer.content.nodes import node_material


def card(node):
    fields = {
        "format": 1,
        "id": "x",
        "title": "x",
        "domain": "system-hardening",
        "competency": "SH1",
        "difficulty": "easy",
    }
    return msgspec.convert(
        {**fields, "minutes": 1, "prompt": "x", "files": ["node.sh"], "checks": [], "node": node}, CardFile
    )


@each_row(
    ("node", "path", "words"),
    [
        ({"hosts": {}}, ("node", "hosts"), "at least one host"),
        ({"hosts": {"a": {}}, "script": "x.sh"}, ("node", "script"), "isn't one of `files`"),
        ({"hosts": {"a": {"port": 1}}}, ("node", "hosts", "a", "port"), "unknown field"),
        (
            {"hosts": {"a": {"units": {"x.service": {"package": "y"}}}}},
            ("node", "hosts", "a", "units", "x.service"),
            "no package y",
        ),
        (
            {"hosts": {"a": {"units": {"x.socket": {"triggers": "y"}}}}},
            ("node", "hosts", "a", "units", "x.socket"),
            "no unit y",
        ),
        (
            {"hosts": {"a": {"packages": {"x": {"depends": ["y"]}}}}},
            ("node", "hosts", "a", "packages", "x"),
            "no package y",
        ),
        (
            {"hosts": {"a": {"modules": {"x": {"depends": ["y"]}}}}},
            ("node", "hosts", "a", "modules", "x"),
            "no module y",
        ),
        ({"hosts": {"a": {}}, "pods": [{"name": "p", "node": "b"}]}, ("node", "pods", 0), "no host b"),
        (
            {"hosts": {"a": {}}, "outputs": {"x.txt": "curl y"}},
            ("node", "outputs", "x.txt"),
            "not judged: the command curl",
        ),
    ],
)
def test_faults_have_their_places(node, path, words):
    _, _, (fault,) = node_material(card(node))
    assert fault.path == path
    assert words in fault.message


def test_a_learner_gets_outputs_and_files():
    node = {
        "hosts": {"a": {"files": {"/etc/x": "y\n", "/etc/z": {"content": "z\n"}}}},
        "outputs": {"who.txt": "id root"},
    }
    outputs, files, faults = node_material(card(node))
    assert faults == []
    assert outputs == {"who.txt": "$ id root\nuid=0(root) gid=0(root) groups=0(root)\n"}
    assert files == {"/etc/x": "y\n", "/etc/z": "z\n"}
