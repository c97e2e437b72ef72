# fails: ftp, rpcbind
#!/bin/bash
systemctl stop vsftpd
systemctl stop rpcbind.socket rpcbind.service
pkill netd
rm /opt/cache/netd
