"""Packages of an image: `apt-get` and `apt`, `apk`, and what they leave behind.

Follows apt-get(8) of apt 2.6 and apk(8) of apk-tools 2.14. The lists of packages are files below
/var/lib/apt/lists or /var/cache/apk: images have none, so that an installation needs an update first. The
configuration of Debian's images removes the packages that apt has fetched.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from trainer.errors import NotJudged
from trainer.simulate.images.files import ImageFiles, program
from trainer.simulate.images.given import ArchiveGiven
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Ran

APT_LISTS = "/var/lib/apt/lists"
APK_CACHE = "/var/cache/apk"
_APT_LIST = f"{APT_LISTS}/debian_dists_bookworm_main_binary-amd64_Packages"
_APK_INDEX = f"{APK_CACHE}/APKINDEX.tar.gz"
_YES = frozenset({"-y", "--yes", "--assume-yes", "-qqy", "-yqq", "-qq", "-yq", "-qy", "-fy"})
_PLAIN = frozenset({"-q", "--quiet", "--no-install-recommends", "--no-install-suggests", "--purge", "-f"})
_PLAIN |= {"--auto-remove", "--autoremove", "--fix-missing", "-m"}
_APT_VERBS = frozenset(
    "reinstall satisfy build-dep source download check changelog indextargets dselect-upgrade edit-sources "
    "list show search policy depends rdepends auto-clean dist-clean moo help".split()
)
"""Operations that exist and aren't covered."""
_APK_VERBS = frozenset(
    "fix cache info list dot policy search index fetch manifest verify audit stats version extract".split()
)
_APK_FLAGS = frozenset({"--no-cache", "-U", "--update", "--update-cache", "-q", "--quiet", "--purge"})
ESSENTIAL = frozenset(
    "apt base-files base-passwd bash coreutils dash debianutils dpkg findutils grep gzip hostname libc-bin "
    "login passwd perl-base sed tar util-linux".split()
)


class Installed:
    """The packages of a stage: which there are, and why."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names: dict[str, str] = dict(names or {})
        """Names -> the virtual package or the package for which they were installed; empty: by name."""

    def copy(self) -> Installed:
        """A copy, for separate changes."""
        return Installed(self.names)


def apt(
    files: ImageFiles, installed: Installed, archive: Mapping[str, ArchiveGiven], call: Call, *, online: bool
) -> Ran:
    """`apt-get` and `apt`, as root."""
    args = _without_options(call)
    flags = {arg for arg in args if arg.startswith("-")}
    words = [arg for arg in args if not arg.startswith("-")]
    for flag in sorted(flags):
        if flag not in _YES | _PLAIN:
            raise NotJudged(f"{call.name} {flag}")
    if not words:
        return Ran(1, f"{call.name} names no command")
    verb, names = words[0], words[1:]
    if verb == "update":
        if not online:
            return Ran(100, "E: Failed to fetch the package lists: there is no network")
        files.place(_APT_LIST, File(_APT_LIST, 0o644, content="Package lists of Debian bookworm\n"))
        return Ran(0, "", None)
    if verb in ("clean", "autoclean", "distclean"):
        if verb == "distclean":
            _remove_below(files, APT_LISTS)
        return Ran(0)
    if verb in ("upgrade", "dist-upgrade", "full-upgrade"):
        return Ran(0, "", None) if flags & _YES else _asks(call.name)
    if verb == "install":
        return _apt_install(files, installed, archive, call, names, flags)
    if verb in ("remove", "purge", "autoremove", "autopurge"):
        return _apt_remove(files, installed, archive, call, verb, names, flags)
    if verb not in _APT_VERBS:
        return Ran(100, f"E: Invalid operation {verb}")
    raise NotJudged(f"{call.name} {verb}")


def _asks(name: str) -> Ran:
    return Ran(1, f'{name} asks "Do you want to continue? [Y/n]", and nobody answers: it aborts. Use -y.')


def _without_options(call: Call) -> list[str]:
    """The arguments without `-o Name=value` that have no effect on what is installed."""
    found: list[str] = []
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        if arg == "-o" and rest and rest[0].startswith(("Dpkg::Options", "Acquire::Retries")):
            rest.pop(0)
        elif not arg.startswith(("-oDpkg::Options", "-oAcquire::Retries")):
            found.append(arg)
    return found


def _apt_install(
    files: ImageFiles,
    installed: Installed,
    archive: Mapping[str, ArchiveGiven],
    call: Call,
    names: list[str],
    flags: set[str],
) -> Ran:
    wanted = [name.partition("=")[0] for name in names]
    if any((name.endswith(("+", "-")) and name not in archive) or "/" in name for name in wanted):
        raise NotJudged(f"{call.name} install {' '.join(names)}")
    new = [name for name in wanted if name not in installed.names and name not in ESSENTIAL]
    if new and not any(path.startswith(f"{APT_LISTS}/") for path in files.live()):
        return Ran(
            100, f"E: Unable to locate package {new[0]}: the image has no package lists; run apt-get update"
        )
    chosen = _with_depends(new, archive, "debian", installed)
    if set(chosen) - set(wanted) and not flags & _YES:
        return _asks(call.name)
    _install(files, installed, archive, chosen, dict.fromkeys(wanted, ""))
    return Ran(0, "", None)


def _apt_remove(
    files: ImageFiles,
    installed: Installed,
    archive: Mapping[str, ArchiveGiven],
    call: Call,
    verb: str,
    names: list[str],
    flags: set[str],
) -> Ran:
    for name in names:
        if name in ESSENTIAL:
            raise NotJudged(f"the removal of {name}, which Debian needs")
        if name not in archive and name not in installed.names:
            raise NotJudged(f"the package {name}, which the card doesn't describe")
    gone = [name for name in names if name in installed.names]
    gone += [
        one for one in installed.names if any(name in archive[one].depends for name in gone if one in archive)
    ]
    if verb.startswith("auto") or flags & {"--auto-remove", "--autoremove"}:
        gone += _unneeded(installed, archive, gone)
    if gone and not flags & _YES:
        return _asks(call.name)
    _uninstall(files, installed, archive, gone)
    return Ran(0, "", None)


def apk(
    files: ImageFiles, installed: Installed, archive: Mapping[str, ArchiveGiven], call: Call, *, online: bool
) -> Ran:
    """`apk add`, `del`, `update` and `upgrade`, as root."""
    flags, words, virtual = _apk_words(call)
    if not words:
        return Ran(1, "apk names no command")
    verb, names = words[0], [one.partition("=")[0].partition("~")[0] for one in words[1:]]
    fresh = bool(flags & {"--no-cache", "-U", "--update", "--update-cache"})
    if not online and (verb in ("update", "upgrade") or fresh):
        return Ran(1, "ERROR: unable to fetch the index: there is no network")
    if verb == "update" or (flags & {"-U", "--update", "--update-cache"} and "--no-cache" not in flags):
        files.place(_APK_INDEX, File(_APK_INDEX, 0o644, content="Index of Alpine 3.20\n"))
    if verb in ("update", "upgrade"):
        return Ran(0, "", None)
    if verb == "add":
        new = [name for name in names if name not in installed.names]
        if new and not fresh and _APK_INDEX not in files.live():
            return Ran(
                1, f"ERROR: unable to select packages: {new[0]} (no such package): the image has no index"
            )
        chosen = _with_depends(new, archive, "alpine", installed)
        _install(files, installed, archive, chosen, dict.fromkeys(names, virtual))
        if virtual:
            installed.names[virtual] = ""
        return Ran(0, "", None)
    if verb == "del":
        gone = [one for one, why in installed.names.items() if one in names or why in names]
        for name in names:
            if name not in installed.names and name not in archive:
                raise NotJudged(f"the package {name}, which the card doesn't describe")
        _uninstall(files, installed, archive, gone + _unneeded(installed, archive, gone))
        return Ran(0, "", None)
    if verb not in _APK_VERBS:
        return Ran(1, f"apk: {verb} isn't one of its commands")
    raise NotJudged(f"apk {verb}")


def _apk_words(call: Call) -> tuple[set[str], list[str], str]:
    """The options, the operands and the name of the virtual package."""
    rest, flags, words, virtual = list(call.args), set(), [], ""
    while rest:
        arg = rest.pop(0)
        name, equals, value = arg.partition("=")
        if name in ("-t", "--virtual"):
            virtual = value if equals else rest.pop(0) if rest else ""
        elif arg in _APK_FLAGS:
            flags.add(arg)
        elif arg.startswith("-"):
            raise NotJudged(f"apk {arg}")
        else:
            words.append(arg)
    return flags, words, virtual


def _with_depends(
    names: list[str], archive: Mapping[str, ArchiveGiven], family: str, installed: Installed
) -> list[str]:
    """The packages and those that they need. Raises `NotJudged` for one that isn't described."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name in found or name in installed.names:
            continue
        if name not in archive or family not in archive[name].families:
            raise NotJudged(f"the package {name}, which the card doesn't describe")
        found[name] = None
        waiting += archive[name].depends
    return list(found)


def _install(
    files: ImageFiles,
    installed: Installed,
    archive: Mapping[str, ArchiveGiven],
    chosen: list[str],
    why: dict[str, str],
) -> None:
    for name in why.keys() & installed.names.keys():
        installed.names[name] = ""
    for name in chosen:
        installed.names[name] = why.get(name, "*")
        for path in archive[name].files:
            files.place(path, File(files.real(path), content=program(posixpath.basename(path))))


def _unneeded(installed: Installed, archive: Mapping[str, ArchiveGiven], gone: list[str]) -> list[str]:
    """Packages that came with others, and that no other needs any more."""
    found: list[str] = []
    while True:
        left = [one for one in installed.names if one not in gone and one not in found]
        needed = {one for name in left if name in archive for one in archive[name].depends}
        more = [one for one in left if installed.names[one] == "*" and one not in needed]
        if not more:
            return found
        found += more


def _uninstall(
    files: ImageFiles, installed: Installed, archive: Mapping[str, ArchiveGiven], gone: list[str]
) -> None:
    for name in dict.fromkeys(gone):
        installed.names.pop(name, None)
        for path in archive[name].files if name in archive else ():
            if files.at(path, follow=False) is not None:
                files.put(path, None)


def _remove_below(files: ImageFiles, folder: str) -> None:
    for path in list(files.live()):
        if path.startswith(f"{folder}/"):
            files.put(path, None)
