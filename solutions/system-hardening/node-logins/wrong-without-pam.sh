# fails: rest-unchanged
printf '%s\n' 'passwordauthentication no' 'UsePAM no' 'PermitRootLogin=no' 'AllowUsers deploy admin' > /etc/ssh/sshd_config.d/00-keys.conf
chmod 600 /etc/kubernetes/admin.conf
systemctl reload ssh.service
