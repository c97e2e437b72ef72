#!/bin/bash
apt-get remove -y vsftpd
systemctl disable --now rpcbind.socket rpcbind.service
pkill netd
rm /opt/cache/netd
