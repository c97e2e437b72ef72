# fails: unknown-process
#!/bin/bash
apt-get purge -y vsftpd
systemctl disable --now rpcbind.socket rpcbind.service
pkill netd
