#!/bin/bash
for package in gcc cpp binutils tcpdump libpcap; do
  DEBIAN_FRONTEND=noninteractive apt-get -y remove $package
done
systemctl --now disable apache2
chmod 0755 /usr/local/bin/report && ls -l /usr/local/bin
