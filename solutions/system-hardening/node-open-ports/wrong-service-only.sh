# fails: rpcbind
#!/bin/bash
apt-get remove -y vsftpd
systemctl disable --now rpcbind.service
pkill netd
rm /opt/cache/netd
