# fails: logins
#!/bin/bash
cat > /etc/ssh/sshd_config.d/10-logins.conf <<'END'
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowGroups sudo users
END
chmod 600 /etc/kubernetes/admin.conf
systemctl reload ssh
