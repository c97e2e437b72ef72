"""What a card declares about a build, in its block `build`.

The registry has these base images and no others. `family` says what else a base image has: `debian` and
`alpine` have the usual tools, a shell and a package manager; `none` has only the declared files.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class FileGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file: text, or a program."""

    content: str = ""
    """What is in it."""
    mode: str = "0644"
    """Its mode, in octal digits; programs have 0755 unless it says otherwise."""
    owner: int = 0
    """The ID of its owner."""
    program: str = ""
    """The name of the program that it is, if it is a binary."""
    interpreter: str = ""
    """The loader that a dynamically linked program needs; empty: it is static."""
    platform: str = ""
    """What says that the program is for another platform: `GOARCH=arm64`; empty: it runs here."""


class BaseGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A base image of the registry."""

    digest: str
    """`sha256:...`, what its tag means today."""
    family: Literal["debian", "alpine", "none"] = "none"
    """The distribution; `none`: no shell and no package manager."""
    size: int = 0
    """Its size in MB."""
    user: str = ""
    """The user of its configuration; empty: root."""
    workdir: str = ""
    """The directory of its configuration."""
    env: dict[str, str] = {}
    """Further environment variables."""
    entrypoint: tuple[str, ...] = ()
    """Its entrypoint."""
    cmd: tuple[str, ...] = ()
    """Its default command."""
    programs: tuple[str, ...] = ()
    """Paths of further programs."""
    packages: tuple[str, ...] = ()
    """Installed packages, of those that `packages` declares."""
    users: dict[str, int] = {}
    """Further accounts: user IDs by name. The group has the same name and ID."""
    files: dict[str, str | FileGiven] = {}
    """Further files by path."""
    onbuild: tuple[str, ...] = ()
    """Instructions that a stage on it runs first."""


class ArchiveGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A package of the distributions."""

    families: tuple[Literal["debian", "alpine"], ...] = ("debian", "alpine")
    """Who has it."""
    files: tuple[str, ...] = ()
    """Programs that it installs, by path."""
    depends: tuple[str, ...] = ()
    """Packages that come with it."""
    size: int = 1
    """Its size in MB."""


class ToolGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command of the build, such as `go build`, and what it does."""

    program: str
    """The program that must be there: `go`."""
    needs: tuple[str, ...] = ()
    """Further programs that must be there."""
    reads: tuple[str, ...] = ()
    """Files that must exist, relative to the current directory."""
    writes: dict[str, str | FileGiven] = {}
    """Files that it writes, relative to the current directory or absolute."""
    output: str = ""
    """The option that names the path of the first file instead: `-o`."""
    folder_env: str = ""
    """The environment variable that names the directory of the first file instead: `GOBIN`."""
    options: tuple[str, ...] = ()
    """Known options without effect; those that end in `=` have a value, as the next word or after it."""
    operands: tuple[str, ...] = ()
    """Known operands: `.`, `./cmd/shop`; `*`: any."""
    static_with: dict[str, str] = {}
    """Environment in which its program is static: `{CGO_ENABLED: "0"}`; otherwise it needs `interpreter`."""
    runs_with: dict[str, str] = {}
    """Environment that its program needs to run here, where it is set: `{GOOS: linux, GOARCH: amd64}`."""
    static_without: str = ""
    """A program without which its program is static, too: `gcc`."""
    secret: str = ""
    """The secret that it needs, by name."""
    secret_files: tuple[str, ...] = ()
    """Files in which it looks for the secret; `~/` is the home directory. `${NAME}` in them is the value of
    an environment variable."""
    secret_form: str = "{}"  # noqa: S105 - a form, no secret
    """The text that must be in such a file, with `{}` for the secret."""
    secret_env: tuple[str, ...] = ()
    """Environment variables that are the secret."""


class SecretGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A secret that the builder has."""

    value: str
    """What must not become known."""
    id: str = ""
    """The ID of `docker build --secret`; empty: none."""


class BuildGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A build: the registry, the context, and the command line of `docker build`."""

    bases: dict[str, BaseGiven]
    """Base images by reference with a tag."""
    context: dict[str, str | FileGiven]
    """The files of the build context by relative path."""
    file: str = "Dockerfile"
    """The file of the answer with the instructions."""
    args: dict[str, str] = {}
    """`--build-arg` of the command line."""
    secrets: dict[str, SecretGiven] = {}
    """Secrets by name."""
    packages: dict[str, ArchiveGiven] = {}
    """Packages by name."""
    tools: dict[str, ToolGiven] = {}
    """Commands by the words that they begin with."""
    downloads: dict[str, str | FileGiven] = {}
    """What the network has, by address."""
    bases_file: str = "bases.txt"
    """The name of the material that lists the base images."""
    context_folder: str = "context"
    """The folder of the material with the files of the context."""
