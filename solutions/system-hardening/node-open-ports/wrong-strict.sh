# fails: rpcbind, unknown-process
#!/bin/bash
set -e
apt-get remove -y vsftpd
systemctl disable --now portmap.service
systemctl disable --now rpcbind.socket rpcbind.service
pkill netd
rm /opt/cache/netd
