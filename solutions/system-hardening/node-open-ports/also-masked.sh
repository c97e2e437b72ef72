#!/usr/bin/env bash
set -euo pipefail

# FTP: purge the package with its configuration
DEBIAN_FRONTEND=noninteractive sudo apt-get -y purge vsftpd

# rpcbind: both units, and nobody can start them by accident
for unit in rpcbind.socket rpcbind.service; do
  systemctl stop "$unit"
  systemctl mask "$unit"
done

pid=$(ss -tlnp | grep ':4444 ' | sed -E 's/.*pid=([0-9]+).*/\1/')
kill -9 "$pid"
rm -f /opt/cache/netd
