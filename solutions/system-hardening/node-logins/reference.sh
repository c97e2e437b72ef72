#!/bin/bash
cat > /etc/ssh/sshd_config.d/10-logins.conf <<'END'
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers admin deploy
END
chmod 600 /etc/kubernetes/admin.conf
systemctl reload ssh
