# fails: unknown-process
#!/bin/bash
apt-get remove -y vsftpd
systemctl disable --now rpcbind.socket rpcbind.service
if pgrep -x netd; then
  pkill netd
  rm /opt/cache/netd
