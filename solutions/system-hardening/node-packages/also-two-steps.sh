#!/bin/bash
set -euo pipefail
apt-get remove -y gcc tcpdump
apt-get autoremove -y
systemctl stop apache2.service
systemctl disable apache2.service
chmod 755 /usr/local/bin/report
