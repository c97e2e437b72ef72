"""What the names in submissions say."""

from __future__ import annotations

from tests.table import each_row
from trainer.batch.find import wanted
from trainer.batch.layouts import WORDS, Label, label_of

CARDS = wanted(
    {"pod-ro": ("pod.yaml",), "ro": ("ro.yaml",), "np-a": ("policy.yaml",), "np-b": ("policy.yaml",)}
)


@each_row(
    "name, label",
    [
        ("Ann Lee_123_assignsubmission_file_", Label("moodle", "Ann Lee", "123")),
        ("Ann Lee_123_assignsubmission_file", Label("moodle", "Ann Lee", "123")),
        ("Teilnehmer_7_assignsubmission_onlinetext", Label("moodle", "Teilnehmer", "7", is_text=True)),
        ("Default group_assignsubmission_file_", Label("moodle", "Default group")),
        ("ann_pod-ro", Label("learner_card", "ann", "", "pod-ro", "pod-ro")),
        ("ann_ro", Label("learner_card", "ann", "", "ro", "ro")),
        ("pod-ro_ann", Label("learner_card", "ann", "", "pod-ro", "pod-ro")),
        ("pod-ro_np-a", None),
        ("ann", None),
        ("pod-ro", None),
        ("_pod-ro", None),
        ("annlee_123_456_pod.yaml", None),
    ],
)
def test_folders(name: str, label: Label | None) -> None:
    assert label_of(name, is_folder=True, cards=CARDS) == label


@each_row(
    "name, label",
    [
        ("Ann Lee_123_assignsubmission_file_my_pod.yaml", Label("moodle", "Ann Lee", "123", "my_pod.yaml")),
        (
            "A_1_assignsubmission_onlinetext_onlinetext.html",
            Label("moodle", "A", "1", "onlinetext.html", is_text=True),
        ),
        ("leeann_123_456_pod.yaml", Label("canvas", "leeann", "123", "pod.yaml", order=456)),
        (
            "leeann_LATE_123_456_pod-1.yaml",
            Label("canvas", "leeann", "123", "pod.yaml", late=True, order=456),
        ),
        ("leeann_123_456_pod-ro-12.zip", Label("canvas", "leeann", "123", "pod-ro.zip", order=456)),
        ("leeann_123_456_pod-1-2.yaml", Label("canvas", "leeann", "123", "pod.yaml", order=456)),
        ("leeann_123_456_other-1.yaml", Label("canvas", "leeann", "123", "other-1.yaml", order=456)),
        (
            "m\u00fcllerj\u00f6rg_123_456_a_b.yaml",
            Label("canvas", "m\u00fcllerj\u00f6rg", "123", "a_b.yaml", order=456),
        ),
        ("anon_aB3xY_456_pod.yaml", Label("canvas", "anon_aB3xY", "", "pod.yaml", order=456)),
        ("LATE_anon_aB3xY_456_pod.yaml", Label("canvas", "anon_aB3xY", "", "pod.yaml", late=True, order=456)),
        (
            "leeann_LATE_123_text.html",
            Label("canvas", "leeann", "123", "leeann_LATE_123_text.html", late=True, is_text=True),
        ),
        ("ann_pod-ro.yaml", Label("learner_card", "ann", "", "pod-ro.yaml", "pod-ro")),
        ("ann_b_ro.YML", Label("learner_card", "ann_b", "", "ro.yml", "ro")),
        ("ann_pod-ro.tar.gz", Label("learner_card", "ann", "", "pod-ro.tar.gz", "pod-ro")),
        ("ann_pod.yaml", Label("learner_card", "ann", "", "pod.yaml", "pod-ro")),
        ("pod-ro_ann lee.yaml", Label("learner_card", "ann lee", "", "pod-ro.yaml", "pod-ro")),
        ("pod-ro_.yaml", None),
        ("ann_policy.yaml", None),
        ("ann-pod-ro.yaml", None),
        ("ann_pod-ro.pdf", None),
        ("readme.txt", None),
        ("_pod.yaml", None),
    ],
)
def test_files(name: str, label: Label | None) -> None:
    assert label_of(name, is_folder=False, cards=CARDS) == label


def test_a_name_of_a_card_is_no_attempt() -> None:
    cards = wanted({"np-api": ("pod-2.yaml",)})
    found = label_of("leeann_1_2_pod-2.yaml", is_folder=False, cards=cards)
    assert found is not None
    assert found.file == "pod-2.yaml"


def test_every_layout_has_words() -> None:
    assert set(WORDS) >= {"moodle", "canvas", "learner_card", "folder", "card", "file", "archive", "list"}
