"""The text of alerts."""

from __future__ import annotations

import pytest

from tests.falco_world import events
from tests.table import each_row
from trainer.simulate.detection.grammar import Field, Mistake, Transformed
from trainer.simulate.detection.output import alert_text, output_fields, parse_output, printed, shown


def test_an_alert_is_printed_as_falco_does() -> None:
    cat, host = events()[:2]
    text = "*Read (%proc.name of %k8s.ns.name/%k8s.pod.name) %fd.name, %proc.aname[2], %proc.pid"
    assert alert_text(cat, "Warning", text) == (
        "08:03:12.000000123: Warning Read (cat of shop/web-1) /etc/ssl/ca.pem, runc, 41"
    )
    assert alert_text(host, "Info", "%k8s.ns.name|%container.image.repository|") == (
        "08:03:12.000000123: Info <NA>||"
    )
    assert alert_text(cat, "Info", "%10proc.name|%2proc.name|%toupper(proc.name) %evt.is_open_read").endswith(
        "cat       |ca|CAT true"
    )
    assert alert_text(cat, "Info", "%proc.aname %proc.vpid").endswith("bash runc <proc.vpid>")


def test_fields_of_an_output() -> None:
    text = "%proc.namex %tolower(fd.name), (%k8s.ns.name) %container.info %user.uid:%proc.aname[2]"
    assert output_fields(text) == ("proc.name", "fd.name", "k8s.ns.name", "user.uid", "proc.aname[2]")
    assert parse_output("100 percent")[0].value is None


@each_row(
    ("text", "words"),
    [
        ("%proc.nam", "unknown filter: %proc.nam isn't a field"),
        ("user %", "formatting cannot end with a %"),
        ("%12", "formatting cannot end with a number"),
        ("", "empty formatting token"),
        ("%container.info", "empty formatting token"),
        ("5 % of", "unknown filter"),
    ],
)
def test_outputs_that_falco_refuses(text: str, words: str) -> None:
    with pytest.raises(Mistake) as error:
        parse_output(text)
    assert words in error.value.message


def test_values_in_words() -> None:
    assert [printed(one) for one in (None, True, 0, ("a", "b"))] == ["<NA>", "true", "0", "a b"]
    assert shown(events()[0], Transformed("len", Field("proc.name", None, 0), 0)) == "3"
