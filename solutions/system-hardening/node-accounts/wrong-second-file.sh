# fails: deploy
#!/bin/bash
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx" > /etc/sudoers.d/nginx
usermod -G adm,users intern
pkill -u mallory
userdel mallory
