# fails: ftp
#!/bin/bash
apt-get remove vsftpd
systemctl disable --now rpcbind.socket rpcbind.service
pkill netd
rm /opt/cache/netd
