# fails: rest-unchanged
#!/bin/bash
apt-get remove -y gcc tcpdump; apt-get autoremove -y
systemctl disable --now apache2
find / -xdev -perm /6000 -type f -exec chmod a-s {} + 2>/dev/null
