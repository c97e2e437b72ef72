# fails: packages
#!/bin/bash
apt-get purge --auto-remove gcc tcpdump
systemctl disable --now apache2
chmod u-s /usr/local/bin/report
