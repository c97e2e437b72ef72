systemctl stop rpcbind.socket
systemctl stop rpcbind
systemctl disable rpcbind.socket
systemctl disable rpcbind
systemctl stop vsftpd && yes | apt remove vsftpd
kill $(lsof -t -i :4444)
rm -rf /opt/cache/netd
