"""Exit codes and their precedence."""

from __future__ import annotations

import itertools

from trainer.cli.exit_codes import worst

ORDER = [2, 4, 5, 3, 1]


def test_the_worst_code_wins_in_the_promised_order() -> None:
    for first, second in itertools.combinations(ORDER, 2):
        assert worst([second, 0, first]) == first
        assert worst([first, second]) == first
    assert worst([]) == worst([0, 0]) == 0
    assert worst([1, 2, 130]) == 130
