"""The fields of Falco's events: which exist, of which type, with which arguments.

Follows the field tables of falcosecurity/libs 0.25.4 (`userspace/libsinsp/sinsp_filtercheck_*.cpp`) and of
the container plugin (falcosecurity/plugins, `plugins/container/src/caps/extract/extract.cpp`), as Falco
0.44 has them: https://falco.org/docs/reference/rules/supported-fields/.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from trainer.patterns import regex
from trainer.simulate.containers.syscalls import system_calls

TEXT, SIGNED, UNSIGNED, FLAG, PORT = "text", "signed", "unsigned", "bool", "port"
ADDRESS, NETWORK, BYTES, DECIMAL = "address", "network", "bytes", "decimal"
NUMBERS = (SIGNED, UNSIGNED, PORT, DECIMAL)

_TABLE = {
    TEXT: """
evt.args evt.asynctype evt.category evt.datetime evt.datetime.s evt.dir evt.hostname evt.info evt.io_dir
evt.latency.human evt.plugininfo evt.pluginname evt.res evt.source evt.time evt.time.iso8601 evt.time.s
evt.type evt.outputtime fd.containerdirectory fd.containername fd.cproto fd.directory fd.filename fd.l4proto
fd.lproto fd.name fd.nameraw fd.rproto fd.sockfamily fd.sproto fd.type fd.typechar fd.uid fdlist.cips
fdlist.cports fdlist.names fdlist.nums fdlist.sips fdlist.sports fs.path.name fs.path.nameraw fs.path.source
fs.path.sourceraw fs.path.target fs.path.targetraw group.name proc.cmdline proc.cwd proc.exe proc.exeline
proc.exepath proc.name proc.pcmdline proc.pexe proc.pexepath proc.pgid.exe proc.pgid.exepath proc.pgid.name
proc.pname proc.sid.exe proc.sid.exepath proc.sname proc.stderr.name proc.stderr.type proc.stdin.name
proc.stdin.type proc.stdout.name proc.stdout.type proc.vpgid.exe proc.vpgid.exepath proc.vpgid.name
syscall.type thread.cap_effective thread.cap_inheritable thread.cap_permitted thread.cgroups user.homedir
user.loginname user.name user.shell proc.aargs[] proc.args[] proc.env[] proc.acmdline[] proc.aenv[]
proc.aexe[] proc.aexepath[] proc.aname[] fd.types[] fd.cip.name fd.lip.name fd.rip.name fd.sip.name
evt.abspath evt.abspath.src evt.abspath.dst container.id container.full_id container.name container.image
container.image.id container.type container.mounts container.mount[] container.mount.source[]
container.mount.dest[] container.mount.mode[] container.mount.rdwr[] container.mount.propagation[]
container.image.repository container.image.tag container.image.digest container.healthcheck
container.liveness_probe container.readiness_probe container.ip container.cni.json container.label[]
container.labels k8s.pod.name k8s.ns.name k8s.pod.id k8s.pod.uid k8s.pod.sandbox_id k8s.pod.full_sandbox_id
k8s.pod.label[] k8s.pod.labels k8s.pod.ip k8s.pod.cni.json k8s.rc.name k8s.rc.id k8s.rc.label[]
k8s.rc.labels k8s.svc.name k8s.svc.id k8s.svc.label[] k8s.svc.labels k8s.ns.id k8s.ns.label[] k8s.ns.labels
k8s.rs.name k8s.rs.id k8s.rs.label[] k8s.rs.labels k8s.deployment.name k8s.deployment.id
k8s.deployment.label[] k8s.deployment.labels
""",
    SIGNED: """
evt.cpu evt.rawres fd.dev fd.dev.major fd.dev.minor fd.ino fd.num proc.exe_ino proc.fdlimit proc.loginshellid
proc.pgid proc.pid proc.ppid proc.pvpid proc.sid proc.vpgid proc.vpid thread.tid thread.vtid user.loginuid
proc.apid[]
""",
    UNSIGNED: """
evt.buflen evt.count evt.count.error evt.count.error.file evt.count.error.memory evt.count.error.net
evt.count.error.other evt.count.exit evt.deltatime evt.deltatime.ns evt.deltatime.s evt.latency
evt.latency.ns evt.latency.s evt.num evt.rawtime evt.rawtime.ns evt.rawtime.s evt.reltime evt.reltime.ns
evt.reltime.s evt.wait_latency group.gid proc.cmdlenargs proc.cmdnargs proc.duration proc.exe_ino.ctime
proc.exe_ino.ctime_duration_pidns_start proc.exe_ino.ctime_duration_proc_start proc.exe_ino.mtime
proc.fdopencount proc.nchilds proc.nthreads proc.pid.ts proc.pidns_init_start_ts proc.ppid.duration
proc.ppid.ts proc.tty proc.vmrss proc.vmsize proc.vmswap thread.exectime thread.pfmajor thread.pfminor
thread.totexectime thread.vmrss thread.vmsize user.uid util.cnt container.start_ts container.duration
""",
    FLAG: """
evt.failed evt.is_async evt.is_io evt.is_io_read evt.is_io_write evt.is_open_create evt.is_open_exec
evt.is_open_read evt.is_open_write evt.is_syslog evt.is_wait fd.connected fd.is_lower_layer fd.is_server
fd.is_upper_layer fd.name_changed proc.is_exe_from_memfd proc.is_exe_lower_layer proc.is_exe_upper_layer
proc.is_exe_writable proc.is_pgid_leader proc.is_sid_leader proc.is_vpgid_leader thread.ismain
container.privileged container.host_pid container.host_network container.host_ipc
proc.is_container_healthcheck proc.is_container_liveness_probe proc.is_container_readiness_probe
""",
    PORT: "fd.cport fd.lport fd.rport fd.sport fd.port fd.proto",
    ADDRESS: "fd.cip fd.lip fd.rip fd.sip fd.ip",
    NETWORK: "fd.cnet fd.lnet fd.net fd.rnet fd.snet",
    BYTES: "evt.buffer",
    DECIMAL: "proc.fdusage thread.cpu thread.cpu.system thread.cpu.user",
}
"""The fields of each type; `[]` says that the field may or must have an argument."""

ANCESTRY = frozenset(
    ("proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.aargs", "proc.aenv", "proc.apid")
)
"""Fields that mean any ancestor of the process if they have no argument."""
NEEDS_ARGUMENT = frozenset(
    (
        *("container.mount", "container.mount.source", "container.mount.dest", "container.mount.mode"),
        *("container.mount.rdwr", "container.mount.propagation", "container.label", "k8s.pod.label"),
    )
)
NEVER_SET = ("k8s.rc.", "k8s.svc.", "k8s.rs.", "k8s.deployment.", "k8s.ns.id", "k8s.ns.label")
"""Beginnings of the deprecated fields, for which the container plugin has no value any more."""
FILTER_ONLY = frozenset(
    ("fd.ip", "fd.port", "fd.proto", "fd.net", "fd.cnet", "fd.snet", "fd.lnet", "fd.rnet")
)
"""Fields that the tables call filter only: they have no value of their own to print."""
NO_TRANSFORMER = frozenset(
    (
        *FILTER_ONLY,
        *(name for name in ANCESTRY if name != "proc.aargs"),
        *("fd.cip.name", "fd.sip.name", "fd.lip.name", "fd.rip.name"),
    )
)
LISTS = frozenset(("fd.types",))

ARGUMENTS = frozenset(
    """
action addr arg args argument argv backlog cap_effective cap_inheritable cap_permitted cgroups clockid cmd
comm container_id cpu creat_flags cwd data description dev dir dirfd domain egid entries env euid event_data
event_type exe exe_ino exe_ino_ctime exe_ino_mtime exepath fd fd1 fd2 fd_in fd_out fd_type fdin fdlimit
fdout fds features filename first flags gid how id image in_fd initval ino interval ip json key last len
length level linkdirfd linkpath local_ip local_port loginuid mask max maxevents mode mountfd msgcontrol name
newcur newdir newdirfd newfd newmax newpath next nsems nstype offin offout offset oldcur olddir olddirfd
oldfd oldmax oldpath op opcode operation option optlen optname out_fd path pathname peer pgid pid pid_fd
port pos ppid prot proto ptid queuelen queuemax quotafilepath remote_ip remote_port request res res_or_fd
resolve resource ret rgid ruid scope semflg semid semnum sgid shell sid sig sigmask size source special
status suid tags target target_fd tid timeout trusted_exepath tty tuple type uargs uid val vpgid vpid vtid
whence
""".split()
)
"""The parameters of events, which `evt.arg.NAME` shows (`driver/event_table.c`), as far as rules use them."""

_FIELD = regex(r"([a-zA-Z]\w*(?:\.[a-zA-Z]\w*)+)(?:\[(.*)\])?", re.DOTALL)


class Unknown(Exception):
    """A field that Falco doesn't have, with the words of its error."""


class FieldType(msgspec.Struct, frozen=True):
    """A field with its type; `base` is its name without an argument."""

    base: str
    type: str
    argument: str = ""


@cache
def _types() -> dict[str, tuple[str, bool]]:
    return {
        name.removesuffix("[]"): (kind, name.endswith("[]"))
        for kind, names in _TABLE.items()
        for name in names.split()
    }


def field_type(name: str, argument: str | None = None) -> FieldType:
    """The type of a field. Raises `Unknown` as libsinsp refuses it."""
    if name.startswith(("evt.arg.", "evt.rawarg.")):
        base, _, parameter = name.partition("arg.")
        if parameter not in ARGUMENTS:
            raise Unknown(f"unknown event argument {parameter}")
        return FieldType(f"{base}arg", TEXT if base == "evt." else "any", parameter)
    if name in ("evt.arg", "evt.rawarg"):
        if argument is None or name == "evt.rawarg":
            raise Unknown(f"filter syntax error: {name}")
        return FieldType(name, TEXT, argument)
    if name.startswith("evt.type.is."):
        return FieldType("evt.type.is", UNSIGNED, name.removeprefix("evt.type.is."))
    if name.startswith("thread.cgroup."):
        return FieldType("thread.cgroup", TEXT, name.removeprefix("thread.cgroup."))
    for prefix in ("container.label.", "k8s.pod.label."):
        if name.startswith(prefix) and argument is None:
            return FieldType(prefix[:-1], TEXT, name.removeprefix(prefix))
    found = _types().get(name)
    if found is None or (argument is not None and not found[1]):
        shown = name if argument is None else f"{name}[{argument}]"
        raise Unknown(f"filter_check called with nonexistent field {shown}")
    if argument is None and name in NEEDS_ARGUMENT:
        raise Unknown(f"filter '{name}' requires an argument but none provided")
    return FieldType(name, found[0], argument or "")


def field_names(*, deprecated: bool = True) -> tuple[str, ...]:
    """The names of all fields, without arguments."""
    return tuple(name for name in _types() if deprecated or not name.startswith(NEVER_SET))


def split_field(text: str) -> tuple[str, str | None] | None:
    """The name and the argument of a field as it is written: `proc.aname[2]`; None if it isn't one."""
    match = _FIELD.fullmatch(text)
    return (match[1], match[2]) if match else None


@cache
def event_types() -> frozenset[str]:
    """What `evt.type` may be compared with: names of system calls, and the events that aren't calls."""
    others = (
        "asyncevent container drop infra k8s mesos notification page_fault pluginevent pread prlimit preadv"
    )
    more = "procexit procinfo pwrite pwritev scapevent signaldeliver switch useradded userdeleted groupadded"
    return system_calls() | frozenset((*others.split(), *more.split(), "groupdeleted"))
