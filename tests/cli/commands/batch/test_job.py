"""The image and the Kubernetes Job of docs/scale.md: judged by the trainer itself, and run with its own arguments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from trainer.simulate.images.build import build
from trainer.simulate.images.given import BaseGiven, BuildGiven, FileGiven, ToolGiven

Cks = Callable[..., Any]
ROOT = Path(__file__).parents[4]
JOB = ROOT / "docs" / "batch-job.yaml"
REFERENCE = ROOT / "tests/fixtures/pack-mini/solutions/runtime-security/tiny-pod/reference.yaml"
PYTHON = "python:3.13-slim"


def objects() -> dict[str, dict[str, Any]]:
    documents = yaml.safe_load_all(JOB.read_text(encoding="utf-8"))
    return {f"{one['kind']} {one['metadata']['name']}": one for one in documents}


def test_the_api_server_accepts_it_and_its_level_is_restricted(cks: Cks, tmp_path: Path) -> None:
    asked = cks("ask", "pod-security", JOB, "--level", "restricted", "--json").json
    assert asked["problems"] == []
    assert asked["answer"] == "restricted"
    ran = cks("ask", "pod-security", JOB)
    assert (ran.code, ran.out.count("Job grading/")) == (0, 2)
    weaker = tmp_path / "weaker.yaml"
    weaker.write_text(JOB.read_text(encoding="utf-8").replace("runAsNonRoot: true", "runAsNonRoot: false"))
    assert cks("ask", "pod-security", weaker, "--json").json["answer"] != "restricted"
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        JOB.read_text(encoding="utf-8").replace("restartPolicy: Never", "restartPolicy: Always")
    )
    assert cks("ask", "pod-security", broken).code == 1


def test_the_volumes_are_used_as_the_page_says() -> None:
    job = objects()["Job grade"]["spec"]["template"]["spec"]
    (container,) = job["containers"]
    mounts = {one["mountPath"]: one.get("readOnly", False) for one in container["volumeMounts"]}
    assert mounts == {"/answers": True, "/results": False, "/tmp": False}  # noqa: S108
    assert job["volumes"][0]["persistentVolumeClaim"] == {"claimName": "answers", "readOnly": True}
    assert not job["automountServiceAccountToken"]
    assert objects()["NetworkPolicy no-network"]["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }


@pytest.mark.usefixtures("in_this_process")
def test_its_parts_and_the_merge_write_what_one_run_writes(cks: Cks, tmp_path: Path) -> None:
    """The arguments of the Pods, with the cards of the tests and folders in the place of volumes."""
    names = ["-x", "--out", *(f"learner-{number}" for number in range(12))]
    for name in names:
        (tmp_path / "answers" / name).mkdir(parents=True)
        (tmp_path / "answers" / name / "tiny-pod.yaml").write_bytes(REFERENCE.read_bytes())
    grade, merge = objects()["Job grade"]["spec"], objects()["Job merge"]["spec"]

    def arguments(spec: dict[str, Any], index: int) -> list[str]:
        found = spec["template"]["spec"]["containers"][0]["args"]
        found = [one.replace("$(JOB_COMPLETION_INDEX)", str(index)) for one in found]
        found = [one.replace("/answers", f"{tmp_path}/answers") for one in found]
        found = [one.replace("/results", f"{tmp_path}/results") for one in found]
        return [
            one.replace("pod-ro,docker-to-pod", "tiny-pod").replace("--jobs=2", "--jobs=1") for one in found
        ]

    assert (grade["completionMode"], grade["completions"]) == ("Indexed", 8)
    for index in range(grade["completions"]):
        assert cks(*arguments(grade, index)).code == 0
    assert cks(*arguments(merge, 0)).code == 0
    whole = [one for one in arguments(grade, 0) if "--shard" not in one and "--out" not in one]
    assert cks(*whole, "--out", tmp_path / "whole").code == 0
    merged = tmp_path / "results" / "merged"
    assert {path.name for path in merged.iterdir()} == {"results.jsonl", "results.csv", "report.html"}
    for path in merged.iterdir():
        assert path.read_bytes() == (tmp_path / "whole" / path.name).read_bytes(), path.name


def test_the_image_runs_the_program_without_root() -> None:
    """Built by the engine that judges the Dockerfiles of learners."""
    install = ToolGiven(
        program="pip",
        reads=("constraints.txt", "pyproject.toml"),
        options=("--no-cache-dir", "--prefix=", "--constraint="),
        operands=(".",),
        writes={"/install/bin/cks-trainer": FileGiven(program="cks-trainer")},
    )
    base = BaseGiven(digest=f"sha256:{'a' * 64}", family="debian", programs=("/usr/local/bin/pip",))
    context = dict.fromkeys(("pyproject.toml", "constraints.txt", "tests/secret", ".git/config"), "x")
    given = BuildGiven({PYTHON: base}, dict(context), tools={"pip install": install})
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    image = build(given, text, (ROOT / ".dockerignore").read_text(encoding="utf-8")).image
    assert image.config.user == "65532:65532"
    assert image.config.entrypoint == ("cks-trainer",)
    assert image.files.at("/usr/local/bin/cks-trainer") is not None
    assert not image.files.is_folder("/src")


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "constraints.txt", "hatch_build.py", "LICENSE", "README.md"]
)
def test_what_the_build_needs_is_there(name: str) -> None:
    assert (ROOT / name).is_file()
    assert name not in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
