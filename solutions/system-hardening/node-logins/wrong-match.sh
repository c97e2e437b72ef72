# fails: logins
#!/bin/bash
cat >> /etc/ssh/sshd_config <<'END'
Match Address 10.0.0.0/8
PasswordAuthentication no
END
sed -i 's/yes/no/' /etc/ssh/sshd_config.d/50-cloud-init.conf
sed -i '/^PasswordAuthentication/s/no/yes/' /etc/ssh/sshd_config.d/50-cloud-init.conf
chmod 600 /etc/kubernetes/admin.conf
systemctl reload ssh
