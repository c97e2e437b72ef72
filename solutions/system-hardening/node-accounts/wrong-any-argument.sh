# fails: deploy
#!/bin/bash
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl" > /etc/sudoers.d/deploy
usermod -G adm,users intern
pkill -u mallory
userdel mallory
