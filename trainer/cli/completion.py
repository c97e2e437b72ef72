"""What a shell can complete: commands, their options, card IDs.

Imports the command line only to complete an option or a group's command, because a shell must not wait.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.cli.named import COMMANDS, commands_in
from trainer.content.files import card_files, card_id_of

if TYPE_CHECKING:
    import click

FILES = ":files"
"""An answer that tells the shell to complete file names as well."""

_QUICK = {
    **dict.fromkeys(("show", "start", "hint", "solution", "practice"), ("card",)),
    **dict.fromkeys(("grade", "batch"), ("file",)),
    "watch": ("card", "file"),
}
"""What the commands take that people complete most, so that the shell needn't wait for more."""
GROUPS = frozenset(("ask", "cluster", "exam", "lab", "pack"))
"""Commands that have commands of their own."""
_CARD_OPTIONS = {"--card", "--cards"}
_FILE_OPTIONS = {
    "--workspace", "--database", "--pack", "--config", "--roster", "--out", "--report", "--object"
}  # fmt: skip
_SHELLS = ("bash", "fish", "zsh")

_BASH = """\
_cks_trainer() {
    local IFS=$'\\n' word
    COMPREPLY=()
    for word in $(cks-trainer __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
        if [ "$word" = ":files" ]; then
            compopt -o filenames 2>/dev/null
            COMPREPLY+=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
        else
            COMPREPLY+=("$word")
        fi
    done
}
complete -F _cks_trainer cks-trainer
"""

_ZSH = """\
#compdef cks-trainer
_cks_trainer() {
    local -a found
    found=("${(@f)$(cks-trainer __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if (( ${found[(Ie):files]} )); then
        _files
        found=("${(@)found:#:files}")
    fi
    compadd -a found
}
compdef _cks_trainer cks-trainer
"""

_FISH = """\
function __cks_trainer_complete
    set -l words (commandline -opc) (commandline -ct)
    for word in (cks-trainer __complete $words[2..-1] 2>/dev/null)
        if test "$word" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo $word
        end
    end
end
complete -c cks-trainer -f -a "(__cks_trainer_complete)"
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
"""The completion script of each shell."""


def complete(words: Sequence[str]) -> list[str]:
    """What completes the last of `words`, the words after the program's name so far.

    Never raises: a shell that asks gets nothing rather than an error.
    """
    try:
        *before, word = words or [""]
        return sorted(
            answer for answer in _answers(before, word) if answer == FILES or answer.startswith(word)
        )
    except Exception:
        return []


def _answers(before: list[str], word: str) -> list[str]:
    command = next((text for text in before if not text.startswith("-")), None)
    if before and before[-1] in _CARD_OPTIONS:
        done, comma, _ = word.rpartition(",")
        return [done + comma + card for card in card_ids()]
    if before and before[-1] in _FILE_OPTIONS:
        return [FILES]
    names = [text for text in before if not text.startswith("-")]
    if word.startswith("-"):
        return _options(names)
    if (
        command is not None
        and before[-1].startswith("--")
        and (values := _values(names, before[-1], word)) is not None
    ):
        return values
    if command is None:
        return commands_in(COMMANDS)
    if command == "completion":
        return list(_SHELLS)
    if command in GROUPS and len(names) == 1:
        return _subcommands(command)
    more = commands_in(f"{COMMANDS}.{command}")
    if len(names) > 1 and names[1] in more:
        return _arguments(names, word)
    if quick := _QUICK.get(command):
        first = more if len(names) == 1 else []
        return [*first, *(card_ids() if "card" in quick else ()), *((FILES,) if "file" in quick else ())]
    return _arguments(names, word)


def _options(names: list[str]) -> list[str]:
    """The options of the command that these words name; this asks the command line itself."""
    options = [
        text for parameter in _found(names).params for text in (*parameter.opts, *parameter.secondary_opts)
    ]
    return [text for text in options if text.startswith("--")]


def _values(names: list[str], option: str, word: str) -> list[str] | None:
    """What an option accepts; None if it takes no value."""
    for parameter in _found(names).params:
        if option in parameter.opts:
            return None if getattr(parameter, "is_flag", False) else _accepted(parameter, word)
    return None


def _arguments(names: list[str], word: str) -> list[str]:
    """What the arguments of the command accept that these words name."""
    found = _found(names)
    import click

    arguments = [parameter for parameter in found.params if isinstance(parameter, click.Argument)]
    return list(dict.fromkeys(text for one in arguments for text in _accepted(one, word)))


def _accepted(parameter: click.Parameter, word: str) -> list[str]:
    """The words that a parameter accepts: its metavar says whether it names a card or a file."""
    import click

    metavar = (parameter.metavar or "").upper()
    cards = card_ids() if "CARD" in metavar else []
    files = [FILES] if any(kind in metavar for kind in ("FILE", "DIR", "PATH")) else []
    context = click.Context(click.Command("cks-trainer"))
    items = parameter.shell_complete(context, word)
    files += [FILES for item in items if item.type != "plain"]
    words = [str(item.value) for item in items if item.type == "plain"]
    return [*cards, *words, *files[:1]]


def _subcommands(group: str) -> list[str]:
    """The commands of a group."""
    return list(getattr(_found([group]), "commands", ()))


def _found(names: list[str]) -> click.Command:
    """The command that these words name, as far as they name one; this imports the command line."""
    from trainer.startup import import_quickly

    import_quickly("click")
    import click

    from trainer.cli.app import program

    found: click.Command = program()
    context = click.Context(found)
    for name in names:
        inner = found.get_command(context, name) if isinstance(found, click.Group) else None
        if inner is None:
            break
        found = inner
    return found


def card_ids() -> list[str]:
    """The ids of all cards of the pack in use, by the names of their files."""
    return sorted({card_id_of(name) for name in card_files(_tasks())})


def _tasks() -> Path:
    """Where the cards are, without loading the rest of the settings and the pack."""
    named = os.environ.get("CKS_TRAINER_PACK")
    if not named:
        import platformdirs

        file = os.environ.get("CKS_TRAINER_CONFIG")
        if (Path(file) if file else platformdirs.user_config_path("cks-trainer") / "config.toml").exists():
            from trainer.config import load_settings

            named = str(load_settings().pack or "")
    if named:
        return Path(named).expanduser() / "tasks"
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_content" / "tasks"
    return packaged if packaged.is_dir() else package.parent / "tasks"
