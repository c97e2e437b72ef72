# fails: mode
#!/bin/bash
apt-get purge -y --auto-remove gcc tcpdump
systemctl disable --now apache2
chmod 0644 /usr/local/bin/report
