"""Tests of `tools.material.trivy`: reports have the layout and the order of Trivy's."""

from __future__ import annotations

import json

from tools.material.trivy import Found, report


def test_vulnerabilities_are_in_the_order_of_trivy() -> None:
    found = [Found("b", "LOW"), Found("a", "CRITICAL", "2.0"), Found("app", "HIGH", in_app=True)]
    text = report("web:1", found, 30)
    assert "arch=amd64\\u0026distro=" in text
    system, app = json.loads(text)["Results"]
    for result in (system, app):
        names = [(one["PkgName"], one["InstalledVersion"]) for one in result["Vulnerabilities"]]
        assert names == sorted(names)
    assert all("PkgPath" not in one for one in system["Vulnerabilities"])
    assert all(one["PkgPath"].startswith("app/node_modules/") for one in app["Vulnerabilities"])


def test_what_has_no_fix_has_no_fixed_version() -> None:
    [one] = json.loads(report("web:1", [Found("b", "LOW")], 0))["Results"][0]["Vulnerabilities"]
    assert "FixedVersion" not in one
    assert one["Status"] == "affected"
