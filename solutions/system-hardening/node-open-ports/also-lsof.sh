#!/bin/bash
set -x
apt-get -y autoremove --purge vsftpd
systemctl stop rpcbind.socket rpcbind.service && systemctl mask rpcbind.socket rpcbind.service
BAD=$(lsof -t -i TCP:4444)
BIN=$(ls -l /proc/$BAD/exe | awk '{print $NF}')
kill -TERM $BAD && rm -f $BIN
netstat -tulpn | grep -E ':(21|111|4444) ' && exit 1 || exit 0
