"""Large answers: what grows, how far, and that the work of grading grows as they do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice

import pytest

from tests.samples import first_of
from tests.work import growth
from tools.large_worlds import Seed, every, grown, parts, seeds
from trainer.content.locate import builtin_pack
from trainer.grading.grade import grade
from trainer.manifests.reading import parse


def seed(card: str) -> Seed:
    return next(seeds(builtin_pack(), {card}))


def test_every_list_map_and_text_can_grow() -> None:
    found = parts(seed("pod-ro"))
    assert "pod.yaml: 0.spec.containers" in found
    assert "pod.yaml: 0.spec.containers.0.env new" in found
    assert "pod.yaml: documents" in found
    assert "pod.yaml: 0.metadata.name length" in found


@pytest.mark.parametrize("size", first_of([20_000, 60_000]))
def test_an_answer_is_about_as_large_as_asked_for(size: int) -> None:
    for one in islice(every(builtin_pack(), size, pairs=False, cards={"pod-ro"}), 0, None, 3):
        assert 0.8 * size < sum(len(file.data) for file in one.answer.files) <= size, one.parts


def test_two_parts_grow_together() -> None:
    one = grown(seed("pod-ro"), ("pod.yaml: 0.spec.containers", "pod.yaml: documents"), 30_000)
    assert one is not None
    text = one.answer.files[0].data.decode()
    assert text.count("\n---\n") > 10
    assert text.count('"image"') > 10


def work(chosen: Seed, part: str, size: int) -> Callable[[], object]:
    one = grown(chosen, (part,), size)
    assert one is not None

    def graded() -> object:
        parse._kept.cache_clear()  # each time as the first time
        return grade(one.card, one.answer)

    return graded


def test_the_work_grows_with_the_number_of_documents() -> None:
    """Four times the answer is four times the work, not sixteen times."""
    assert growth(partial(work, seed("np-default-deny"), "policy.yaml: documents"), 4_000) < 7


@pytest.mark.parametrize(
    "card",
    [
        pytest.param("np-default-deny", marks=pytest.mark.trial),
        *(pytest.param(one, marks=pytest.mark.catalog) for one in ("pod-ro", "rbac-binding")),
    ],
)
def test_the_work_grows_as_the_answer_does(card: str) -> None:
    chosen = seed(card)
    for part in parts(chosen):
        if part.endswith(" length"):
            continue  # one long text isn't more work
        assert growth(partial(work, chosen, part), 4_000) < 7, part
