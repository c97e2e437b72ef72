"""What belongs to one learner."""

from __future__ import annotations

from pathlib import Path

import msgspec

from trainer.batch.pile import Learner, Pile, learner_of


def test_the_latest_of_two_uploads_counts() -> None:
    pile = Pile()
    for order in (3, 7, 5):
        pile.of("ann", "1").put_file("pod.yaml", Path(f"ann_1_{order}_pod.yaml"), order)
    (heap,) = pile
    assert heap.learner("ann") == Learner(
        "ann",
        None,
        files={"pod.yaml": Path("ann_1_7_pod.yaml")},
        older={"pod.yaml": ("ann_1_3_pod.yaml", "ann_1_5_pod.yaml")},
    )


def test_two_learners_of_one_name_stay_apart() -> None:
    pile = Pile()
    pile.of("Ann Lee", "1").folders.append(Path("a"))
    pile.of("Ann Lee", "2").folders.append(Path("b"))
    pile.of("Bo", "3").late = True
    pile.of("Bo").put_inside("pod-ro", Path("c"))
    assert sorted(pile.name_of(heap) for heap in pile) == ["Ann Lee_1", "Ann Lee_2", "Bo"]
    (bo,) = [heap for heap in pile if heap.name == "Bo"]
    assert bo.learner("Bo") == Learner("Bo", None, {"pod-ro": (Path("c"),)}, late=True)


def test_a_roster_has_names_numbers_or_letters() -> None:
    pile = Pile()
    for name, number in (
        ("Ann Lee", "1"),
        ("Ann Lee", "2"),
        ("doejohn", "3"),
        ("Jose\u0301", ""),
        ("zoe", ""),
    ):
        pile.of(name, number).late = True
    pile.of("doejohn", "3").in_letters = True
    names = ["2", "Ann Lee_1", "Doe, John", "Jos\u00e9", "eve"]
    learners, strays = pile.for_roster(names)
    assert [(one.name, bool(one.late)) for one in learners] == [(name, name != "eve") for name in names]
    assert strays == ["zoe"]


def test_letters_never_decide_between_two() -> None:
    pile = Pile()
    for name in ("ann-lee", "annlee"):
        pile.of(name).late = pile.of(name).in_letters = True
    learners, strays = pile.for_roster(["Ann Lee"])
    assert [one.late for one in learners] == [None]
    assert strays == ["ann-lee", "annlee"]
    learners, _ = pile.for_roster(["annlee", "Ann Lee"])
    assert [one.late for one in learners] == [True, True]


def test_a_worker_gets_the_same_learner() -> None:
    one = Learner(
        "m\udcfcller",
        Path("a\udcff"),
        {"pod-ro": (Path("x"),)},
        {"a.yaml": Path("b")},
        (Path("c.zip"),),
        {"a.yaml": ("old",)},
        ("x is a link",),
        ("text.html",),
        True,
    )
    sent = msgspec.msgpack.decode(msgspec.msgpack.encode(one.for_card("pod-ro")))
    assert learner_of("pod-ro", sent) == one
