# fails: admin-conf
#!/bin/bash
cat > /etc/ssh/sshd_config.d/10-logins.conf <<'END'
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers admin deploy
END
chmod 640 /etc/kubernetes/admin.conf
systemctl reload ssh
