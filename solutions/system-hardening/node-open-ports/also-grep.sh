#!/bin/bash
apt-get purge vsftpd -y && apt-get autoremove -y
systemctl disable rpcbind rpcbind.socket --now
pid=$(ss -tlnp | grep ':4444 ' | grep -oP 'pid=\K[0-9]+')
kill $pid
rm /opt/cache/netd
