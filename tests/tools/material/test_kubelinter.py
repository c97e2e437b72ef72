"""Tests of `tools.material.kubelinter`: the report has the layout and the order of KubeLinter's."""

from __future__ import annotations

import json

from tools.material.kubelinter import files


def test_entries_are_in_the_order_of_objects_and_checks_that_the_report_lists() -> None:
    report = json.loads(files()["kube-linter.json"])
    assert list(report) == ["Checks", "Reports", "Summary"]
    checks = [check["name"] for check in report["Checks"]]
    assert checks == sorted(checks)
    for check in report["Checks"]:
        assert list(check) == ["name", "description", "remediation", "scope", "template"]
    places = [
        (one["Object"]["K8sObject"]["Namespace"], one["Object"]["K8sObject"]["Name"], one["Check"])
        for one in report["Reports"]
    ]
    assert places == sorted(places)
    assert {check for *_, check in places} <= set(checks)


def test_what_is_privileged_fails_both_checks_about_privileges() -> None:
    found: dict[str, set[str]] = {}
    for one in json.loads(files()["kube-linter.json"])["Reports"]:
        place = json.dumps(one["Object"]["K8sObject"])
        found.setdefault(place, set()).add(one["Diagnostic"]["Message"].partition('" ')[2])
    privileged = [messages for messages in found.values() if "is privileged" in messages]
    assert len(privileged) == 5
    assert all("is Privileged hence allows privilege escalation." in messages for messages in privileged)
