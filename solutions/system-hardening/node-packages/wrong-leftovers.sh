# fails: packages
#!/bin/bash
apt-get remove -y gcc tcpdump
systemctl disable --now apache2
chmod u-s /usr/local/bin/report
