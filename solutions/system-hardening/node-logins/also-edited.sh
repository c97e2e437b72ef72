#!/bin/bash
set -euo pipefail
sed -i 's/^PermitRootLogin .*/PermitRootLogin no/' /etc/ssh/sshd_config
sed -i 's/^KbdInteractiveAuthentication .*/KbdInteractiveAuthentication no/' /etc/ssh/sshd_config
sed -i 's/yes/no/' /etc/ssh/sshd_config.d/50-cloud-init.conf
echo "AllowUsers admin deploy" >> /etc/ssh/sshd_config
chown root:root /etc/kubernetes/admin.conf
chmod 0400 /etc/kubernetes/admin.conf
sshd -t && systemctl restart sshd
