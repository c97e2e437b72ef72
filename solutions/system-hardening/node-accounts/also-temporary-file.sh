#!/bin/bash
tmp=$(mktemp)
printf 'deploy ALL = (root) NOPASSWD: /usr/bin/systemctl restart nginx\n' > "$tmp"
visudo -cf "$tmp" && install -m 0440 -o root -g root "$tmp" /etc/sudoers.d/deploy
rm -f "$tmp"
usermod -rG docker,sudo intern
kill $(pgrep -u mallory)
userdel mallory
rm -rf /home/mallory
