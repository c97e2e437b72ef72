# fails: rest-unchanged
#!/bin/bash
cat > /etc/ssh/sshd_config <<'END'
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers admin deploy
END
rm /etc/ssh/sshd_config.d/50-cloud-init.conf
chmod 600 /etc/kubernetes/admin.conf
systemctl reload ssh
