"""Tests of `content.listing`: a listing is quick by the index, and never behind the files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from trainer.content import listing
from trainer.content.catalogue import load_catalogue
from trainer.content.index import cache_place
from trainer.content.listed import as_listed
from trainer.content.listing import index_to_ship, list_cards
from trainer.content.locate import Pack, pack_at

FIXTURE = Path(__file__).parents[1] / "fixtures" / "pack"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "cks-trainer"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cards whose files were read."""
    names: list[str] = []
    read = listing._read
    monkeypatch.setattr(listing, "_read", lambda pack, name: names.append(name) or read(pack, name))
    return names


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files were written a while ago: their marks can be trusted."""
    now = listing.time.time_ns
    monkeypatch.setattr(listing.time, "time_ns", lambda: now() + 10_000_000_000)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    shutil.copytree(FIXTURE, tmp_path / "pack")
    return pack_at(tmp_path / "pack")


def card_file(pack: Pack, name: str = "runtime-security/mini-pod.yaml") -> Path:
    return pack.tasks / name


def ids(pack: Pack) -> list[str]:
    return [card.id for card in list_cards(pack).cards]


@pytest.mark.usefixtures("later")
def test_the_second_listing_reads_no_card(pack: Pack, opened: list[str]) -> None:
    first = list_cards(pack)
    assert len(opened) == 3
    assert first.cards == tuple(as_listed(card) for card in load_catalogue(pack).cards)
    opened.clear()
    assert list_cards(pack).cards == first.cards
    assert opened == []


@pytest.mark.usefixtures("later")
def test_only_the_card_that_changed_is_read_again(pack: Pack, opened: list[str]) -> None:
    list_cards(pack)
    opened.clear()
    path = card_file(pack)
    path.write_text(path.read_text().replace("title: A small Pod", "title: A tiny small Pod"))
    assert list_cards(pack).get("mini-pod").title.startswith("A tiny small Pod")
    assert opened == ["runtime-security/mini-pod.yaml"]


@pytest.mark.usefixtures("later")
def test_a_change_that_keeps_size_and_time_is_seen(pack: Pack) -> None:
    list_cards(pack)
    path = card_file(pack)
    status = path.stat()
    path.write_text(path.read_text().replace("title: A small", "title: A SMALL"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert list_cards(pack).get("mini-pod").title.startswith("A SMALL")


def test_a_file_that_was_just_written_is_not_trusted(
    pack: Pack, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two changes within one tick of the file system's clock have one mark."""
    mark = max(time for file in listing.card_files(pack.tasks).values() for time in listing.mark_of(file)[1:])  # type: ignore[index]
    monkeypatch.setattr(listing.time, "time_ns", lambda: mark + 1_000_000_000)
    list_cards(pack)
    opened.clear()
    list_cards(pack)
    assert len(opened) == 3
    monkeypatch.setattr(listing.time, "time_ns", lambda: mark + 3_000_000_000)
    list_cards(pack)
    opened.clear()
    list_cards(pack)
    assert opened == []


@pytest.mark.usefixtures("later")
def test_added_removed_and_renamed_cards_are_noticed(pack: Pack) -> None:
    assert ids(pack) == ["mini-role", "mini-pod", "mini-keep"]
    path = card_file(pack)
    other = path.with_name("other-pod.yaml")
    other.write_text(path.read_text().replace("id: mini-pod", "id: other-pod"))
    assert ids(pack) == ["mini-role", "mini-pod", "other-pod", "mini-keep"]
    other.unlink()
    assert ids(pack) == ["mini-role", "mini-pod", "mini-keep"]
    path.rename(other)
    (problem,) = list_cards(pack).problems
    assert "the file name is other-pod.yaml" in problem.message
    assert ids(pack) == ["mini-role", "mini-keep"]


@pytest.mark.usefixtures("later")
def test_a_broken_card_is_told_each_time_and_stops_no_other(pack: Pack) -> None:
    card_file(pack).write_text("format: 1\nid: mini-pod\n")
    card_file(pack, "runtime-security/empty.yaml").mkdir()
    for _ in range(2):
        listed, loaded = list_cards(pack), load_catalogue(pack)
        assert listed.problems == loaded.problems
        assert len(listed.problems) > 2
        assert [card.id for card in listed.cards] == ["mini-role", "mini-keep"]


@pytest.mark.usefixtures("later")
def test_an_id_that_is_taken_is_told_each_time(pack: Pack) -> None:
    text = card_file(pack).read_text()
    text = text.replace("domain: runtime-security", "domain: system-hardening").replace("RT4", "SH1")
    (pack.tasks / "system-hardening").mkdir()
    (pack.tasks / "system-hardening" / "mini-pod.yaml").write_text(text)
    for _ in range(2):
        (problem,) = list_cards(pack).problems
        assert problem.message == "the ID 'mini-pod' is already used by runtime-security/mini-pod.yaml"
        assert str(problem.location) == "mini-pod.yaml:1:1"


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("data", [b"", b"abc", b"\0" * 400, b"\xff" * 4096])
def test_a_damaged_index_is_made_again(pack: Pack, opened: list[str], data: bytes) -> None:
    list_cards(pack)
    cache_place(pack.tasks).write_bytes(data)
    opened.clear()
    assert ids(pack) == ["mini-role", "mini-pod", "mini-keep"]
    assert ids(pack) == ["mini-role", "mini-pod", "mini-keep"]
    assert len(opened) == 3, "once"


@pytest.mark.usefixtures("later")
def test_no_single_flipped_byte_gets_through(pack: Pack) -> None:
    whole = list_cards(pack).cards
    place = cache_place(pack.tasks)
    data = place.read_bytes()
    for number in range(0, len(data), 41):
        place.write_bytes(data[:number] + bytes([data[number] ^ 32]) + data[number + 1 :])
        assert list_cards(pack).cards == whole


@pytest.mark.usefixtures("later")
def test_an_index_of_another_program_or_pack_is_made_again(
    pack: Pack, opened: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    list_cards(pack)
    opened.clear()
    monkeypatch.setattr("trainer.content.index.__version__", "9.9")
    list_cards(pack)
    assert len(opened) == 3
    shutil.copytree(FIXTURE, tmp_path / "twin")
    twin = pack_at(tmp_path / "twin")
    cache_place(pack.tasks).rename(cache_place(twin.tasks))
    opened.clear()
    list_cards(twin)
    assert len(opened) == 3


@pytest.mark.usefixtures("later")
def test_a_cache_that_cannot_be_written_is_no_error(pack: Pack, cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    assert ids(pack) == ["mini-role", "mini-pod", "mini-keep"]
    cache.unlink()
    cache_place(pack.tasks).mkdir(parents=True)
    (cache_place(pack.tasks) / "x").touch()
    assert ids(pack) == ["mini-role", "mini-pod", "mini-keep"]
    assert sorted(path.name for path in cache.iterdir()) == [cache_place(pack.tasks).name], (
        "no half file stays"
    )


@pytest.mark.usefixtures("later")
def test_many_at_once_see_whole_indexes_only(pack: Pack, cache: Path) -> None:
    found: list[list[str]] = []

    def work() -> None:
        for _ in range(10):
            cache_place(pack.tasks).unlink(missing_ok=True)
            found.append(ids(pack))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["mini-role", "mini-pod", "mini-keep"]] * 40
    assert {path.name for path in cache.iterdir()} <= {cache_place(pack.tasks).name}


@pytest.mark.usefixtures("later")
def test_a_shipped_index_is_used_until_a_card_is_changed(pack: Pack, opened: list[str], cache: Path) -> None:
    place = pack.tasks.parent / "cards.index"
    place.write_bytes(index_to_ship(pack))
    installed = Pack(pack.tasks, pack.solutions, place)
    opened.clear()
    for path in pack.tasks.rglob("*.yaml"):
        os.utime(path)  # an installer gives files the time of the installation
    assert [card.id for card in list_cards(installed).cards] == ["mini-role", "mini-pod", "mini-keep"]
    assert (opened, cache.exists()) == ([], False)
    path = card_file(pack)
    path.write_text(path.read_text().replace("title: A small", "title: A SMALL"))
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 3600))
    assert list_cards(installed).get("mini-pod").title.startswith("A SMALL")
    assert opened == ["runtime-security/mini-pod.yaml"]


@pytest.mark.usefixtures("later")
def test_a_damaged_shipped_index_gives_way_to_one_in_the_cache(pack: Pack, opened: list[str]) -> None:
    place = pack.tasks.parent / "cards.index"
    place.write_bytes(index_to_ship(pack)[:-7])
    installed = Pack(pack.tasks, pack.solutions, place)
    opened.clear()
    for _ in range(2):
        assert [card.id for card in list_cards(installed).cards] == ["mini-role", "mini-pod", "mini-keep"]
    assert len(opened) == 3, "once"


def test_a_listing_by_the_index_needs_no_yaml(pack: Pack) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from trainer.content.listing import list_cards; from trainer.content.locate import pack_at\n"
        "now = time.time_ns; time.time_ns = lambda: now() + 10_000_000_000\n"
        f"print(len(list_cards(pack_at(Path({str(pack.tasks.parent)!r}))).cards), 'yaml' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [run.stdout for run in runs] == ["3 True\n", "3 False\n"]


def test_a_kind_that_only_the_solution_has_is_found(pack: Pack) -> None:
    reference = next(pack.solutions.glob("*/mini-pod/reference.yaml"))
    reference.write_text(reference.read_text() + "---\nkind: ClusterRole\n")
    assert [card.id for card in list_cards(pack).filter(search="clusterrole")] == ["mini-pod"]
