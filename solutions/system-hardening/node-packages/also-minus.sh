#!/bin/bash
apt-get install -y gcc- tcpdump- && apt-get autoremove --purge -y
systemctl disable --now apache2.service
chmod u=rwx,g=u,o=rx /usr/local/bin/report; chmod g-w,u-s /usr/local/bin/report
