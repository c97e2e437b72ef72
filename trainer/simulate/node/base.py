"""What every node has: the state of a fresh server, in the card's own format.

Follows Ubuntu 24.04 (adduser, base-passwd, sudo, openssh-server) where names and IDs matter.
"""

from __future__ import annotations

from trainer.simulate.node.given import FileGiven, PackageGiven, UnitGiven, UserGiven

SUDOERS = """\
Defaults\tenv_reset
Defaults\tsecure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
root\tALL=(ALL:ALL) ALL
%sudo\tALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
"""

SSHD = """\
Include /etc/ssh/sshd_config.d/*.conf
KbdInteractiveAuthentication no
UsePAM yes
X11Forwarding yes
PrintMotd no
AcceptEnv LANG LC_*
Subsystem sftp /usr/lib/openssh/sftp-server
"""

NOLOGIN = "/usr/sbin/nologin"

PORT_NAMES = {
    21: "ftp",
    22: "ssh",
    23: "telnet",
    25: "smtp",
    53: "domain",
    80: "http",
    111: "sunrpc",
    443: "https",
    631: "ipp",
    2049: "nfs",
}
"""Services by port, from /etc/services."""

PACKAGES = {
    "openssh-server": PackageGiven("1:9.6p1-3ubuntu13", files=("/usr/sbin/sshd",)),
    "sudo": PackageGiven("1.9.15p5-3ubuntu5", files=("/usr/bin/sudo", "/usr/sbin/visudo")),
    "kmod": PackageGiven("31+20240202-2ubuntu7"),
    "procps": PackageGiven("2:4.0.4-4ubuntu3"),
    "systemd": PackageGiven("255.4-1ubuntu8"),
    "apparmor": PackageGiven("4.0.1really4.0.1-0ubuntu0.24.04.4"),
}
UFW = PackageGiven("0.36.2-6", files=("/usr/sbin/ufw",))
UFW_UNIT = UnitGiven("ufw", "Uncomplicated firewall")
"""What nodes with the firewall ufw have, too."""
MODES = {"/usr/bin/sudo": "4755"}
"""Modes of programs that aren't 0755."""
ESSENTIAL = frozenset(
    "apt base-files base-passwd bash coreutils dash debianutils dpkg findutils grep gzip init kmod libc-bin "
    "login openssh-server procps sed sudo systemd tar util-linux".split()
)
"""Packages without which nobody could work on the node: what follows their removal isn't simulated."""

UNITS = {
    "ssh.service": UnitGiven(
        "openssh-server",
        "OpenBSD Secure Shell server",
        process="/usr/sbin/sshd -D",
        listens=("tcp 0.0.0.0:22", "tcp [::]:22"),
    ),
    "apparmor.service": UnitGiven("apparmor", "Load AppArmor profiles"),
    "systemd-modules-load.service": UnitGiven("systemd", "Load Kernel Modules", "static", now=True),
    "systemd-sysctl.service": UnitGiven("systemd", "Apply Kernel Variables", "static", now=True),
}

GROUPS = {
    "root": 0,
    "daemon": 1,
    "bin": 2,
    "sys": 3,
    "adm": 4,
    "tty": 5,
    "disk": 6,
    "lp": 7,
    "mail": 8,
    "news": 9,
    "uucp": 10,
    "man": 12,
    "proxy": 13,
    "kmem": 15,
    "dialout": 20,
    "fax": 21,
    "voice": 22,
    "cdrom": 24,
    "floppy": 25,
    "tape": 26,
    "sudo": 27,
    "audio": 29,
    "dip": 30,
    "www-data": 33,
    "backup": 34,
    "operator": 37,
    "list": 38,
    "irc": 39,
    "src": 40,
    "shadow": 42,
    "utmp": 43,
    "video": 44,
    "sasl": 45,
    "plugdev": 46,
    "staff": 50,
    "games": 60,
    "users": 100,
    "nogroup": 65534,
}
"""Those of every Debian and Ubuntu (group.master of base-passwd)."""

USERS = {
    "root": UserGiven(0, "root", home="/root"),
    "daemon": UserGiven(1, "daemon", shell=NOLOGIN, home="/usr/sbin", locked=True),
    "www-data": UserGiven(33, "www-data", shell=NOLOGIN, home="/var/www", locked=True),
    "nobody": UserGiven(65534, "nogroup", shell=NOLOGIN, home="/nonexistent", locked=True),
}

FILES: dict[str, str | FileGiven] = {
    "/etc/sudoers": FileGiven(SUDOERS, "0440"),
    "/etc/hostname": "",
    "/etc/ssh/sshd_config": SSHD,
    "/etc/modules": "",
    "/etc/sysctl.conf": "",
    "/etc/shells": "/bin/sh\n/bin/bash\n/usr/bin/bash\n",
}

FOLDERS = (
    "/etc/apparmor",
    "/etc/apparmor.d",
    "/etc/apparmor.d/disable",
    "/etc/apparmor.d/force-complain",
    "/etc/apparmor.d/local",
    "/etc/modprobe.d",
    "/etc/modules-load.d",
    "/etc/ssh",
    "/etc/ssh/sshd_config.d",
    "/etc/sudoers.d",
    "/etc/sysctl.d",
    "/etc/systemd/system",
    "/etc/ufw",
    "/usr/lib/modprobe.d",
    "/usr/lib/sysctl.d",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/run/sysctl.d",
)
