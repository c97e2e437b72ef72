#!/bin/bash
apt-get remove -y gcc tcpdump; apt-get autoremove -y
systemctl mask --now apache2
find /usr/local/bin -perm -4000 -type f -exec chmod u-s {} \;
