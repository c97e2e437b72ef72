"""Tests of `components.plugins`: the API server's admission plugins, by version."""

from __future__ import annotations

from trainer.simulate.components.plugins import default_plugins, is_doubtful_plugin, plugins
from trainer.versions import SUPPORTED, Version


def test_plugins_by_version() -> None:
    on = [default_plugins(Version(1, minor)) for minor in (35, 36, 37)]
    assert len(on[0]) == 23
    came = {"JobValidation", "PodGroupProtection", "PodGroupWorkloadExists", "PodResizeValidator"}
    assert on[1] - on[0] == came
    assert on[0] < on[1]
    assert on[1] - on[2] == {"PodGroupWorkloadExists"}
    assert on[2] < on[1]


def test_some_plugins_are_off() -> None:
    for version in SUPPORTED:
        assert {"NodeRestriction", "ImagePolicyWebhook"} <= plugins(version) - default_plugins(version)
        assert "PodSecurityPolicy" not in plugins(version)


def test_an_unknown_name_is_refused_where_the_sources_were_read() -> None:
    assert not is_doubtful_plugin("Anything", Version(1, 36))
    assert is_doubtful_plugin("Anything", Version(1, 37))
    assert not is_doubtful_plugin("PodGroupWorkloadExists", Version(1, 37))
