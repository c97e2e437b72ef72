"""Which ports of a node are open, and for which process: `ss`, `netstat`, `lsof -i`.

Follows ss(8) of iproute2 6.1, netstat(8) and lsof(8): columns are theirs, widths are ours.
"""

from __future__ import annotations

import re

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.base import PORT_NAMES
from trainer.simulate.node.system import Host
from trainer.simulate.shell.process import Call, Ran

_ANY = ("0.0.0.0", "[::]")  # noqa: S104 - addresses of a node, nothing of ours listens


class Listener(msgspec.Struct, frozen=True, order=True):
    """One listening socket."""

    protocol: str
    port: int
    address: str
    process: str
    pid: int
    user: str

    @property
    def title(self) -> str:
        """As a card names it: `tcp/21`."""
        return f"{self.protocol}/{self.port}"


def listeners(host: Host) -> list[Listener]:
    """All listening sockets, by protocol, port and address."""
    found = []
    for process in host.processes:
        found += [_listener(text, process.name, process.pid, process.user) for text in process.listens]
    for unit in host.units.values():
        if unit.active and unit.present and not unit.command:
            found += [_listener(text, "systemd", 1, "root") for text in unit.listens]
    return sorted(found)


def _listener(text: str, process: str, pid: int, user: str) -> Listener:
    protocol, _, place = text.partition(" ")
    address, _, port = place.rpartition(":")
    if not (port.isascii() and port.isdigit()):
        raise NotJudged(f"the card says that {process} listens on {text!r}, which isn't `tcp 0.0.0.0:80`")
    return Listener(protocol, int(port), address, process, pid, user)


def ss(host: Host, call: Call) -> Ran:
    """`ss` and `netstat`, of listening sockets."""
    letters = ""
    args, ports = _filter(call)
    for arg in args:
        long = {
            "--tcp": "t",
            "--udp": "u",
            "--listening": "l",
            "--numeric": "n",
            "--processes": "p",
            "--program": "p",
        }
        if arg in long:
            letters += long[arg]
        elif re.fullmatch(r"-[tulnpaeHW46]+", arg):
            letters += arg[1:]
        else:
            raise NotJudged(f"{call.name} {arg}")
    wanted = {name for letter, name in (("t", "tcp"), ("u", "udp")) if letter in letters} or {"tcp", "udp"}
    if "l" not in letters and "a" not in letters:
        return Ran(0, "", None)
    rows = [one for one in listeners(host) if one.protocol in wanted and _family(one, letters)]
    rows = [one for one in rows if not ports or one.port in ports]
    return Ran(0, "", _netstat(rows, letters) if call.name == "netstat" else _ss(rows, letters, wanted))


def _filter(call: Call) -> tuple[tuple[str, ...], set[int]]:
    """The options, and the ports of a filter `sport = :21 or sport = :23` of `ss`."""
    text = " ".join(arg for arg in call.args if not arg.startswith("-"))
    if call.name != "ss" or not text:
        return call.args, set()
    one = r"(?:sport|src) (?:(?:=|==|eq) )?:([0-9]+)"
    inner = text.strip("() ").replace("\\", "")
    if not re.fullmatch(rf"{one}( or {one})*", inner):
        raise NotJudged(f"ss {text}")
    ports = {int(port) for port in re.findall(r":([0-9]+)", inner)}
    return tuple(arg for arg in call.args if arg.startswith("-")), ports


def _family(one: Listener, letters: str) -> bool:
    six = one.address.startswith("[")
    return not ({"4", "6"} & set(letters)) or ("6" in letters if six else "4" in letters)


def _ss(rows: list[Listener], letters: str, wanted: set[str]) -> str:
    lines = []
    if "H" not in letters:
        net = "Netid " if len(wanted) > 1 else ""
        process = "Process" if "p" in letters else ""
        columns = f"{'Local Address:Port':>22} {'Peer Address:Port':>18} {process}"
        lines.append(f"{net}State  Recv-Q Send-Q {columns}".rstrip())
    for one in rows:
        net = f"{one.protocol:<5} " if len(wanted) > 1 else ""
        state = "LISTEN" if one.protocol == "tcp" else "UNCONN"
        peer = "[::]:*" if one.address.startswith("[") else "0.0.0.0:*"
        port = _port(one, letters)
        process = f'users:(("{one.process}",pid={one.pid},fd=3))' if "p" in letters else ""
        lines.append(
            f"{net}{state} 0      128    {f'{one.address}:{port}':>22} {peer:>18} {process}".rstrip()
        )
    return "".join(f"{line}\n" for line in lines)


def _port(one: Listener, letters: str) -> str:
    return str(one.port) if "n" in letters else PORT_NAMES.get(one.port, str(one.port))


def _netstat(rows: list[Listener], letters: str) -> str:
    lines = ["Active Internet connections (only servers)"]
    process = "PID/Program name" if "p" in letters else ""
    lines.append(
        f"Proto Recv-Q Send-Q {'Local Address':<23} {'Foreign Address':<23} {'State':<11} {process}".rstrip()
    )
    for one in rows:
        six = one.address.startswith("[")
        address = one.address.strip("[]")
        protocol = one.protocol + ("6" if six else "")
        state = "LISTEN" if one.protocol == "tcp" else ""
        who = f"{one.pid}/{one.process}" if "p" in letters else ""
        local, peer = f"{address}:{_port(one, letters)}", ":::*" if six else "0.0.0.0:*"
        lines.append(f"{protocol:<5} {0:>6} {0:>6} {local:<23} {peer:<23} {state:<11} {who}".rstrip())
    return "".join(f"{line}\n" for line in lines)


def lsof(host: Host, call: Call) -> Ran:
    """`lsof -i`, for ports and protocols; `-t` prints process IDs only."""
    protocol, port, terse = "", 0, False
    rest = list(call.args)
    asked = False
    while rest:
        arg = rest.pop(0)
        if (letters := re.fullmatch(r"-([nPt]+)(i.*)", arg)) is not None:
            rest.insert(0, f"-{letters[2]}")
            arg = f"-{letters[1]}"
        if match := re.fullmatch(r"-i((?:tcp|udp|TCP|UDP)?)(?::(\d+))?", arg):
            asked = True
            protocol, port = match[1].lower(), int(match[2] or 0)
            if arg == "-i" and rest and (match := re.fullmatch(r"(tcp|udp|TCP|UDP)?(?::(\d+))?", rest[0])):
                rest.pop(0)
                protocol, port = (match[1] or "").lower(), int(match[2] or 0)
        elif re.fullmatch(r"-[nPt]+|-sTCP:LISTEN", arg):
            terse = terse or "t" in arg.removeprefix("-sTCP:LISTEN")
        else:
            raise NotJudged(f"lsof {arg}")
    if not asked:
        raise NotJudged("lsof without -i")
    rows = [
        one
        for one in listeners(host)
        if (not protocol or one.protocol == protocol) and (not port or one.port == port)
    ]
    if terse:
        pids = dict.fromkeys(one.pid for one in rows)
        return Ran(int(not rows), "", "".join(f"{pid}\n" for pid in pids))
    lines = [f"{'COMMAND':<10} {'PID':>5} {'USER':<8} {'FD':>4} {'TYPE':<5} {'NODE':<4} NAME"] if rows else []
    for one in rows:
        kind = "IPv6" if one.address.startswith("[") else "IPv4"
        address = "*" if one.address in _ANY else one.address
        state = " (LISTEN)" if one.protocol == "tcp" else ""
        lines.append(
            f"{one.process[:9]:<10} {one.pid:>5} {one.user:<8} {'3u':>4} {kind:<5} {one.protocol.upper():<4} "
            f"{address}:{one.port}{state}"
        )
    return Ran(int(not rows), "", "".join(f"{line}\n" for line in lines))
