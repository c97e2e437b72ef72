"""The base images of a build: which one a reference means, and the files that it has.

The usual tools, accounts and directories follow debian:bookworm-slim and alpine:3.20. What tags and digests
mean follows https://docs.docker.com/reference/dockerfile/#from: with a digest, the tag doesn't count.
"""

from __future__ import annotations

import difflib
import posixpath

import msgspec

from trainer.errors import UsageError
from trainer.simulate.containers.images import normalise
from trainer.simulate.images.files import ImageFiles, file_of, program
from trainer.simulate.images.given import BaseGiven, BuildGiven
from trainer.simulate.shell.filesystem import FOLDERS, File
from trainer.simulate.shell.programs import TOOLS

SCRATCH = "scratch"
DEBIAN_PATHS = {"/bin": "/usr/bin", "/sbin": "/usr/sbin", "/lib": "/usr/lib", "/lib64": "/usr/lib64"}
_COREUTILS = (
    "install base64 cksum comm csplit cmp diff expand expr factor fold join mktemp nl od paste seq split "
    "sum tac tsort tty unexpand users yes awk sha224sum sha384sum nproc df du getopt logname md5sum"
).split()
_DEBIAN = {
    "/usr/bin": (
        *(
            "dash",
            "bash",
            "apt",
            "apt-get",
            "apt-mark",
            "apt-cache",
            "dpkg",
            "dpkg-query",
            "tar",
            "gzip",
            "gunzip",
        ),
        *(
            "perl",
            "getent",
            "ldd",
            "locale",
            "passwd",
            "chsh",
            "chage",
            "su",
            "bzip2",
            "debconf-set-selections",
        ),
        *_COREUTILS,
    ),
    "/usr/sbin": (
        *(
            "useradd",
            "groupadd",
            "usermod",
            "userdel",
            "adduser",
            "addgroup",
            "groupdel",
            "groupmod",
            "chroot",
        ),
        *("deluser", "delgroup", "ldconfig", "chpasswd", "nologin", "update-passwd"),
    ),
    "/usr/lib64": ("ld-linux-x86-64.so.2",),
}
_ALPINE = (
    *(
        "adduser",
        "addgroup",
        "deluser",
        "delgroup",
        "tar",
        "gzip",
        "gunzip",
        "wget",
        "ash",
        "sh",
        "unzip",
        "vi",
    ),
    *("chpasswd", "passwd", "su", "nslookup", "nc", "ip", "ping", "less", "ldd", "getent"),
    *_COREUTILS,
)
_PASSWD = {
    "debian": (
        "root:x:0:0:root:/root:/bin/bash\n"
        "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
        "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    ),
    "alpine": (
        "root:x:0:0:root:/root:/bin/sh\n"
        "daemon:x:2:2:daemon:/sbin:/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/:/sbin/nologin\n"
    ),
    "none": "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n",
}
_GROUP = {
    "debian": "root:x:0:\ndaemon:x:1:\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\n",
    "alpine": "root:x:0:root\ndaemon:x:2:\nusers:x:100:\nnogroup:x:65533:\nnobody:x:65534:\n",
    "none": "root:x:0:\nnobody:x:65534:\n",
}
LOADERS = {"debian": "/lib64/ld-linux-x86-64.so.2", "alpine": "/lib/ld-musl-x86_64.so.1"}


class Base(msgspec.Struct, frozen=True):
    """A base image that a reference means."""

    reference: str
    """As the card declares it, with its tag."""
    given: BaseGiven
    pinned: bool
    """Whether the reference has a digest."""


class NoBase(Exception):
    """The registry has no such image: why, in a sentence."""


def find_base(given: BuildGiven, reference: str) -> Base:
    """The base image that a reference means. Raises `NoBase`."""
    try:
        image = normalise(reference)
    except UsageError as error:
        raise NoBase(f"{error.message}.") from None
    same = {name: one for name, one in given.bases.items() if normalise(name).name == image.name}
    if image.digest:
        for name, one in same.items():
            if one.digest == image.digest:
                return Base(name, one, pinned=True)
    else:
        for name, one in same.items():
            if normalise(name).tag == image.tag:
                return Base(name, one, pinned=False)
    raise NoBase(_missing(given, reference, image.digest, same))


def _missing(given: BuildGiven, reference: str, digest: str, same: dict[str, BaseGiven]) -> str:
    listed = ", ".join(given.bases)
    if same and digest:
        owner = next((name for name, one in given.bases.items() if one.digest == digest), "")
        whose = f" It is the digest of {owner}." if owner else ""
        name = reference.partition("@")[0]
        return f"{name} has another digest than {digest[:19]}….{whose} Look it up in {given.bases_file}."
    if same:
        return f"The registry has no tag like this; it has {', '.join(same)}."
    near = difflib.get_close_matches(reference.partition("@")[0], list(given.bases), n=1, cutoff=0.7)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"The registry has no image {reference.partition('@')[0]}.{meant} It has {listed}."


def files_of(base: Base, build: BuildGiven) -> ImageFiles:
    """The files of a base image."""
    given = base.given
    files = ImageFiles()
    folders = FOLDERS if given.family != "none" else ("/tmp", "/etc", "/usr", "/var", "/root", "/home")  # noqa: S108
    if given.family == "debian":
        files.aliases = dict(DEBIAN_PATHS)
    for folder in sorted(folders):
        if folder != "/" and folder not in files.aliases:
            files.make_folders(folder)
    files.owners["/root"] = (0, 0, 0o700)
    _add_family(files, given)
    _add_accounts(files, given)
    for path in given.programs:
        files.place(path, File(path, content=program(posixpath.basename(path))))
    for name in given.packages:
        for path in build.packages[name].files:
            files.place(path, File(path, content=program(posixpath.basename(path))))
    for path, file in given.files.items():
        files.place(path, file_of(path, file))
    return files


def _add_family(files: ImageFiles, given: BaseGiven) -> None:
    if given.family == "debian":
        for name in sorted(TOOLS):
            files.place(f"/usr/bin/{name}", File(f"/usr/bin/{name}", content=program(name)))
        for folder, names in _DEBIAN.items():
            for name in names:
                files.place(f"{folder}/{name}", File(f"{folder}/{name}", content=program(name)))
        files.place("/usr/bin/sh", File("/usr/bin/sh", 0o777, link="/usr/bin/dash"))
        for folder in ("/var/lib/apt/lists", "/var/lib/dpkg", "/var/cache/apt/archives"):
            files.make_folders(folder)
    if given.family == "alpine":
        files.place("/bin/busybox", File("/bin/busybox", content=program("busybox")))
        for name in sorted({*TOOLS, *_ALPINE}):
            files.place(f"/bin/{name}", File(f"/bin/{name}", 0o777, link="/bin/busybox"))
        files.place("/sbin/apk", File("/sbin/apk", content=program("apk")))
        loader = LOADERS["alpine"]
        files.place(loader, File(loader, content=program("ld-musl-x86_64.so.1")))
        for folder in ("/var/cache/apk", "/etc/apk"):
            files.make_folders(folder)


def _add_accounts(files: ImageFiles, given: BaseGiven) -> None:
    passwd, group = _PASSWD[given.family], _GROUP[given.family]
    for name, uid in given.users.items():
        passwd += f"{name}:x:{uid}:{uid}:{name}:/home/{name}:/sbin/nologin\n"
        group += f"{name}:x:{uid}:\n"
        files.make_folders(f"/home/{name}", (uid, uid, 0o755))
    files.place("/etc/passwd", File("/etc/passwd", 0o644, content=passwd))
    files.place("/etc/group", File("/etc/group", 0o644, content=group))


def listing(build: BuildGiven) -> str:
    """The base images as a table, for the learner."""
    rows = [("IMAGE", "SIZE", "USER", "SHELL", "PACKAGE MANAGER", "DIGEST")]
    for name, one in build.bases.items():
        found = {"debian": ["bash", "sh"], "alpine": ["sh"], "none": []}[one.family]
        found = found or [
            posixpath.basename(path) for path in (*one.programs, *one.files) if path.endswith("/sh")
        ]
        shell = ", ".join(found) or "-"
        manager = {"debian": "apt", "alpine": "apk", "none": "-"}[one.family]
        rows.append((name, f"{one.size} MB", one.user or "root", shell, manager, one.digest))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    table = "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )
    notes = "".join(f"{name}: {text}\n" for name, one in build.bases.items() if (text := _contents(one)))
    return f"{table}\nWHAT ELSE IS IN THEM\n{notes}" if notes else table


def _contents(given: BaseGiven) -> str:
    """What a base image has, apart from what its family says."""
    parts = [*given.programs, *given.files]
    parts += [f"package {name}" for name in given.packages]
    parts += [f"account {name} ({uid})" for name, uid in given.users.items()]
    if given.entrypoint or given.cmd:
        parts.append(f"it runs {' '.join((*given.entrypoint, *given.cmd))}")
    return ", ".join(parts)
