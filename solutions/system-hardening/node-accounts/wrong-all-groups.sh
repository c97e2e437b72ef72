# fails: intern
#!/bin/bash
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx" > /etc/sudoers.d/deploy
usermod -G "" intern
pkill -u mallory
userdel mallory
