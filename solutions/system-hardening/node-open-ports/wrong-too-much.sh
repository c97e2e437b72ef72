# fails: rpcbind, rest-unchanged
#!/bin/bash
apt-get purge -y vsftpd rpcbind
pkill -f netd
rm -r /opt/cache/netd
