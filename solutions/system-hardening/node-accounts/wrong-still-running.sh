# fails: mallory
#!/bin/bash
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx" > /etc/sudoers.d/deploy
gpasswd -d intern docker
gpasswd -d intern sudo
userdel mallory
