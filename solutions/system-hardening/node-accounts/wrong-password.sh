# fails: no-password
#!/bin/bash
echo "deploy ALL=(root) /usr/bin/systemctl restart nginx" > /etc/sudoers.d/deploy
usermod -G adm,users intern
pkill -u mallory
userdel mallory
