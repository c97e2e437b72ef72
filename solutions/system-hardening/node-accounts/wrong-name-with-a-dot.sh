# fails: deploy
#!/bin/bash
rm /etc/sudoers.d/deploy
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx" > /etc/sudoers.d/deploy.conf
usermod -G adm,users intern
pkill -u mallory
userdel mallory
