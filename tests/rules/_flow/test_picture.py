"""Tests of `_flow.picture`: flows as a table."""

from __future__ import annotations

from tests.pictures import lines_of, wrong_cells
from tests.rules.test_network_flow import GIVEN, GOOD, HEAD, manifests, params
from trainer.picture import Picture
from trainer.rules._flow.picture import ports_title
from trainer.rules.network_flow import picture
from trainer.simulate.network.ports import ALL, ports_of
from trainer.simulate.world import World


def draw(answer: str, check: str) -> Picture:
    given, mine = manifests(GIVEN, "given.yaml"), manifests(answer, "policy.yaml")
    return picture(World((*given, *mine), given, mine), params(check))


ONE_TARGET = """
allow: [{from: shop/frontend, to: shop/backend, port: 8080}]
deny: [{from: "*/*", to: shop/backend}]
"""


def test_one_target() -> None:
    found = draw(GOOD, ONE_TARGET)
    assert (found.title, found.columns) == ("Who reaches shop/backend", ("TCP 8080", "any other port"))
    assert lines_of(found)[:4] == [
        "shop/frontend | r:allowed | r:denied",
        "other/bare | r:denied | r:denied",
        "other/frontend | r:denied | r:denied",
        "shop/guest | r:denied | r:denied",
    ]
    assert found.rows[1].cells[0].before == "allowed"


def test_a_wrong_cell_leads_to_the_entry_that_decides() -> None:
    found = draw(HEAD + "  ingress: [{from: [{podSelector: {}}]}]\n", ONE_TARGET)
    rows = {row.head: row for row in found.rows}
    guest = rows["shop/guest"]
    assert [(cell.word, cell.state.value) for cell in guest.cells] == [("allowed", "wrong")] * 2
    assert {(cell.location.file, cell.location.line) for cell in wrong_cells(found) if cell.location} == {
        ("policy.yaml", 7)
    }


def test_one_source() -> None:
    found = draw(GOOD, "allow: [{from: shop/guest, to: '*/app=frontend'}]")
    assert found.title == "What shop/guest reaches"
    assert lines_of(found)[:2] == ["other/frontend | r:allowed", "shop/frontend | r:allowed"]


def test_the_rest_is_a_matrix() -> None:
    found = draw(HEAD, "rest: unchanged")
    assert found.title == "Flows from (down) to (across)"
    column = found.columns.index("shop/backend")
    cells = {row.head: row.cells[column] for row in found.rows}
    assert (cells["shop/backend"].word, cells["other/bare"].word) == ("", "denied")
    assert (cells["other/bare"].state.value, cells["other/bare"].before) == ("wrong", "allowed")


def test_only_some_ports() -> None:
    found = draw(GOOD.replace("port: 8080", "port: 8080, endPort: 8090"), ONE_TARGET)
    cells = {row.head: row.cells for row in found.rows}["shop/frontend"]
    assert [cell.word for cell in cells] == ["allowed", "allowed on TCP 8081-8090"]


def test_titles_of_ports() -> None:
    http = ports_of("TCP", 80, 80)
    assert [ports_title(one, [http, ALL - http]) for one in (http, ALL - http)] == [
        "TCP 80",
        "any other port",
    ]
    assert ports_title(ALL, [ALL]) == "every port"
