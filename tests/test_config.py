"""Settings: which place wins, and how each mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.table import each_row
from trainer.config import from_home, load_settings, platform_folder
from trainer.errors import ConfigError


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment whose settings file is `config.toml` in the test's folder (made by the test)."""
    return {"CKS_TRAINER_CONFIG": str(tmp_path / "config.toml")}


def write(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text)


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "CKS_TRAINER_CONFIG"):
        monkeypatch.delenv(variable, raising=False)
    settings = load_settings(environ={})
    assert settings.workspace == tmp_path / "cks-practice"
    assert settings.database.name == "progress.db"
    assert tmp_path in settings.database.parents
    assert settings.config_file.name == "config.toml"
    assert (settings.context, settings.editor, settings.pack) == (None, None, None)
    assert set(settings.sources.values()) == {"default"}


def test_option_beats_environment_beats_file(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path, '# mine\nworkspace = "from-file"\ncontext = "file"\neditor = "vi"\n')
    environ |= {"CKS_TRAINER_WORKSPACE": "/from-env", "CKS_TRAINER_CONTEXT": "env", "EDITOR": "nano"}
    settings = load_settings({"context": "option", "workspace": None}, environ)
    assert settings.context == "option"
    assert settings.workspace == Path("/from-env")
    assert settings.editor == "vi"
    assert settings.sources == {
        "workspace": "environment CKS_TRAINER_WORKSPACE",
        "database": "default",
        "pack": "default",
        "context": "option --context",
        "production": "default",
        "max_nodes": "default",
        "max_namespaces": "default",
        "editor": f"{tmp_path / 'config.toml'}:4",
        "class_store": "default",
        "learner": "default",
    }


def test_a_class_store_needs_a_learner(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path, 'class_store = "class/results.db"\n')
    with pytest.raises(ConfigError, match=r"config\.toml:1: class_store needs the name of the learner"):
        load_settings(environ=environ)
    settings = load_settings(environ=environ | {"CKS_TRAINER_LEARNER": "Ann"})
    assert (settings.class_store, settings.learner) == (tmp_path / "class" / "results.db", "Ann")


def test_paths_of_the_file_are_relative_to_it(
    tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("HOME", "/home/jane")
    write(tmp_path, 'workspace = "answers"\ndatabase = "~/p.db"\n')
    settings = load_settings({"pack": "packs/mine"}, environ)
    assert settings.workspace == tmp_path / "answers"
    assert settings.database == Path("/home/jane/p.db")
    assert settings.pack == Path("/packs/mine")


@pytest.mark.parametrize(
    ("variables", "editor", "source"),
    [
        ({"EDITOR": "vi"}, "vi", "environment EDITOR"),
        ({"VISUAL": "code -w", "EDITOR": "vi"}, "code -w", "environment VISUAL"),
        ({"VISUAL": " ", "EDITOR": "vi"}, "vi", "environment EDITOR"),
        ({"CKS_TRAINER_EDITOR": "hx", "VISUAL": "vi"}, "hx", "environment CKS_TRAINER_EDITOR"),
    ],
)
def test_the_editor(
    environ: dict[str, str], tmp_path: Path, variables: dict[str, str], editor: str, source: str
) -> None:
    write(tmp_path, "")
    settings = load_settings(environ=environ | variables)
    assert (settings.editor, settings.sources["editor"]) == (editor, source)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ('a = 1\nworkspcae = "x"', "config.toml:1: unknown setting 'a'", "settings: workspace, database"),
        ('\nworkspcae = "x"', "config.toml:2: unknown setting 'workspcae'", "did you mean workspace?"),
        ("workspace = 5", "config.toml:1: workspace must be text", 'workspace = "..."'),
        ('editor = "vi"\n[context]\nname = "x"', "config.toml:2: context must be text", "context ="),
        ("workspace = /x", "config.toml: not valid TOML", 'name = "value"'),
        ('editor = "vi"\neditor = "ed"\n', "at line 2", 'name = "value"'),
        ('workspace = ""', "config.toml:1: '' is not a path", "name a file or folder"),
        ('workspace = "a\\u0000b"', "is not a path", "name a file or folder"),
        ('workspace = "~nobody-of-that-name/x"', "no such user", "write the full path"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(
    tmp_path: Path, environ: dict[str, str], text: str, message: str, remedy: str
) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(environ=environ)
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_a_file_that_is_not_utf8(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "config.toml").write_bytes(b'editor = "vi"\ncontext = "\xe9"\n')
    with pytest.raises(ConfigError, match=r"config\.toml:2: not UTF-8"):
        load_settings(environ=environ)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such settings file"):
        load_settings({"config": str(tmp_path / "none.toml")}, {})
    with pytest.raises(ConfigError, match="is a folder, not a file"):
        load_settings({"config": str(tmp_path)}, {})


def test_a_misspelt_variable_is_told_and_others_are_left_alone(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(tmp_path, "")
    assert load_settings(environ=environ | {"CKS_TRAINER_SOMETHING_ELSE": "x"}).context is None
    with pytest.raises(ConfigError, match="unknown setting CKS_TRAINER_WORKSPCE") as caught:
        load_settings(environ=environ | {"CKS_TRAINER_WORKSPCE": "x"})
    assert caught.value.remedy == "did you mean CKS_TRAINER_WORKSPACE?"


def test_an_unknown_option_is_a_fault_of_the_caller(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path, "")
    with pytest.raises(ConfigError, match="option --colour: unknown setting"):
        load_settings({"colour": "red"}, environ)


def test_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import platformdirs

    for value in (None, str(tmp_path), "relative", ""):
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)
        if value != "relative":  # the specification says to ignore it; platformdirs does not
            assert platform_folder("config") == platformdirs.user_config_path("cks-trainer")
            assert platform_folder("data") == platformdirs.user_data_path("cks-trainer")
            assert platform_folder("cache") == platformdirs.user_cache_path("cks-trainer")
        else:
            assert platform_folder("config") == Path.home() / ".config" / "cks-trainer"


def test_what_looks_like_production(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path, "")
    settings = load_settings({"production": " *live*, p-* ,", "max_nodes": "3"}, environ)
    assert settings.production == ("*live*", "p-*")
    assert (settings.max_nodes, settings.max_namespaces) == (3, 15)
    with pytest.raises(ConfigError, match="max_namespaces must be a whole number"):
        load_settings({"max_namespaces": "many"}, environ)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/home/jane/cks-practice/pod-ro", "~/cks-practice/pod-ro"),
        ("/home/janet/x", "/home/janet/x"),
        ("/srv/answers", "/srv/answers"),
        ("/home/jane", "/home/jane"),
    ],
)
def test_a_path_as_people_write_it(monkeypatch: pytest.MonkeyPatch, path: str, written: str) -> None:
    monkeypatch.setenv("HOME", "/home/jane")
    assert from_home(Path(path)) == written


def test_without_a_home_the_rest_works(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(unknown))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    settings = load_settings(environ={})
    assert settings.workspace == Path("/nonexistent/cks-practice")
    assert not settings.config_file.exists()


@each_row("name", ["~no-such-user/x", "", "a\0b"])
def test_a_settings_file_that_cannot_be_named(name: str) -> None:
    with pytest.raises(ConfigError):
        load_settings({"config": name or " "}, {})
