#!/bin/bash
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt purge -y vsftpd
for u in rpcbind.socket rpcbind.service; do
  systemctl stop "$u"
  systemctl disable "$u"
  systemctl mask "$u"
done
PID=$(pgrep netd)
EXE=$(readlink -f /proc/$PID/exe)
kill -9 "$PID"
rm -f "$EXE"
ss -tulnp
