"""JUnit XML: what readers of it count, in the order that the published form wants."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from tests.report.answers import ACTS, GOLDEN, ROWS
from trainer.report.rows import FORMATS, result_files

NEEDED = {
    "testsuites": set(),
    "testsuite": {"name"},
    "testcase": {"name", "classname"},
    "property": {"name", "value"},
}
ALLOWED = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error", "skipped"},
}
"""The elements of `junit-10.xsd` that are written, with what each must have and may contain."""


def written(folder: Path) -> str:
    with result_files(folder, ["junit"]) as write:
        for row in ROWS:
            write(row)
    return (folder / FORMATS["junit"]).read_text()


def test_it_is_the_golden_file(tmp_path: Path) -> None:
    assert written(tmp_path) == (GOLDEN / "results.junit.xml").read_text()


def test_it_follows_the_published_form(tmp_path: Path) -> None:
    root = ET.fromstring(written(tmp_path))  # noqa: S314 - our own file
    assert root.tag == "testsuites"
    for element in root.iter():
        assert NEEDED.get(element.tag, set()) <= set(element.attrib)
        assert {inner.tag for inner in element} <= ALLOWED.get(element.tag, set())
        tags = [inner.tag for inner in element]
        assert "properties" not in tags or tags.index("properties") == 0
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        for plural, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[plural]) == sum(case.find(tag) is not None for case in cases)


def test_every_row_is_a_case_of_its_learner(tmp_path: Path) -> None:
    root = ET.fromstring(written(tmp_path))  # noqa: S314
    suites = {suite.attrib["name"]: suite for suite in root}
    assert len(suites) == 4
    assert [case.attrib["classname"] for case in suites["bo"].findall("testcase")] == [
        "pod-ro",
        "pod-ro",
        "np-deny",
    ]
    failure = suites["bo"].find("testcase/failure")
    assert failure is not None
    assert failure.text == "pod.yaml:9:5 spec\nIt is writable.\ntouch /x: ok"
    assert ACTS not in "".join(root.itertext())


def test_a_batch_without_rows_is_a_whole_file(tmp_path: Path) -> None:
    with result_files(tmp_path, ["junit"]):
        pass
    assert len(ET.fromstring((tmp_path / FORMATS["junit"]).read_text())) == 0  # noqa: S314
