# fails: service
#!/bin/bash
apt-get purge -y --auto-remove gcc tcpdump
systemctl stop apache2
chmod u-s /usr/local/bin/report
