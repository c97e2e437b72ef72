#!/bin/bash
set -e
sed -i 's|NOPASSWD: ALL|NOPASSWD: /usr/bin/systemctl restart nginx|' /etc/sudoers.d/deploy
visudo -c
usermod -G adm,users intern
userdel --force --remove mallory
pkill tunnel
