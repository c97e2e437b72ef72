"""The words of the shipped cards: commands in full, kinds as kubernetes.io writes them, nothing given away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.cards import CARDS, PACK
from tests.table import each_row
from trainer.content.card import Card
from trainer.content.solutions import load_solutions
from trainer.rules.object import Params

IDS = [card.id for card in CARDS]

CODE = re.compile(r"```.*?```|`[^`]*`|^ {4}.*$", re.DOTALL | re.MULTILINE)
OTHER_NAMESPACES = re.compile(r"(?:IPC|host|node's|user|root) namespaces?|share no namespace")
"""Those of Linux, and the root namespace of Istio: not the kind Namespace."""
LOWER_KIND = re.compile(
    r"\b(namespaces?|pods?|(?<!mini )deployments?(?! methods)|configmaps?|serviceaccounts?"
    r"|networkpolic(?:y|ies)|rolebindings?|clusterroles?|daemonsets?|statefulsets?)\b(?![./-])"
)
ALIAS = re.compile(r"(?:^|[\s`$(|])k (?:-n|[a-z])|-o(?:yaml|json)", re.MULTILINE)
"""`k` is an alias that only the exam's machine has; kubernetes.io writes `kubectl ... -o yaml`."""


def prose(card: Card) -> Iterator[str]:
    """What a card says in words, without code."""
    texts = [card.title, card.prompt, card.limits, *card.hints, load_solutions(card, PACK).explain]
    for check in card.checks:
        texts += [check.says, check.why]
    texts += [str(check.get("says", "")) for check in card.live]
    for text in texts:
        yield OTHER_NAMESPACES.sub("", CODE.sub("", text))


@each_row("card", CARDS, ids=IDS)
def test_kinds_are_in_upper_camel_case(card: Card) -> None:
    assert [match[0] for text in prose(card) for match in LOWER_KIND.finditer(text)] == []


@each_row("card", CARDS, ids=IDS)
def test_commands_are_written_in_full(card: Card) -> None:
    files = [*card.given_files.values(), *card.start.values()]
    texts = [card.prompt, card.imperative, *card.hints, *files, load_solutions(card, PACK).explain]
    assert [match[0] for text in texts for match in ALIAS.finditer(text)] == []


@each_row("card", CARDS, ids=IDS)
def test_the_prompt_names_every_file_of_the_answer_and_every_given_one(card: Card) -> None:
    """Or the folder of many: `reports/`."""
    missing = [name for name in (*card.files, *card.given_files) if name not in card.prompt]
    folders = {f"{name.partition('/')[0]}/" for name in card.given_files if "/" in name}
    named = [folder for folder in folders if f"`{folder}`" in card.prompt]
    assert [name for name in missing if not name.startswith(tuple(named))] == []


@each_row("card", CARDS, ids=IDS)
def test_no_check_says_what_to_delete(card: Card) -> None:
    """The list of checks is shown before the first grading."""
    for check in card.checks:
        if check.rule == "object" and isinstance(check.params, Params) and check.params.absent:
            name = str(check.params.object).rpartition("/")[2]
            assert name not in check.says


@each_row("text", ["all pods", "each namespace", "a deployment of Pods", "two rolebindings"])
def test_kinds_in_lower_case_are_found(text: str) -> None:
    assert LOWER_KIND.search(text)


@each_row("text", ["k get pods", "`k -n sun exec web`", "kubectl get pod web -oyaml", "$ k logs x"])
def test_short_commands_are_found(text: str) -> None:
    assert ALIAS.search(text)
