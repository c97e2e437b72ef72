"""Tests of `tools.material.kubesec`: the report has the layout and the order of kubesec's, and its scores add up."""

from __future__ import annotations

import json

from tools.material.kubesec import files


def test_scores_are_the_sums_of_the_points_and_the_worst_rule_is_first() -> None:
    for one in json.loads(files()["kubesec.json"]):
        assert list(one) == ["object", "valid", "fileName", "message", "score", "scoring"]
        scoring = one["scoring"]
        counted = [*scoring.get("critical", ()), *scoring.get("passed", ())]
        assert one["score"] == sum(rule["points"] for rule in counted)
        assert one["valid"] or not scoring
        if one["valid"]:
            word = "Passed" if one["score"] >= 0 else "Failed"
            assert one["message"] == f"{word} with a score of {one['score']} points"
        for rules in scoring.values():
            points = [abs(rule["points"]) for rule in rules]
            assert points == sorted(points, reverse=True)
