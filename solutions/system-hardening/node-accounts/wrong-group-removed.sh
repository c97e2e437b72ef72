# fails: rest-unchanged
#!/bin/bash
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx" > /etc/sudoers.d/deploy
groupdel docker
deluser intern sudo
pkill -u mallory
userdel mallory
