# fails: logins
#!/bin/bash
sed -i 's/^#PasswordAuthentication .*/PasswordAuthentication no/; s/^PermitRootLogin .*/PermitRootLogin no/; s/^KbdInteractiveAuthentication .*/KbdInteractiveAuthentication no/' /etc/ssh/sshd_config
echo "AllowUsers admin deploy" >> /etc/ssh/sshd_config
chmod 600 /etc/kubernetes/admin.conf
systemctl reload ssh
