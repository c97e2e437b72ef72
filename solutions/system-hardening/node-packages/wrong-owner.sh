# fails: mode
#!/bin/bash
apt-get purge -y --auto-remove gcc tcpdump
systemctl disable --now apache2
chown nobody /usr/local/bin/report
