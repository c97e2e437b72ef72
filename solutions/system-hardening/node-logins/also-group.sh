#!/bin/bash
rm /etc/ssh/sshd_config.d/50-cloud-init.conf
sed -i -e 's/^#PasswordAuthentication yes/PasswordAuthentication no/' -e 's/^KbdInteractiveAuthentication yes/challengeresponseauthentication no/' /etc/ssh/sshd_config
cat >> /etc/ssh/sshd_config <<'END'
AllowUsers admin
AllowUsers deploy
DenyUsers root intern
END
chmod go-rwx /etc/kubernetes/admin.conf
service ssh restart
