#!/bin/bash
sed -i '1i AuthenticationMethods publickey\nAllowUsers admin deploy' /etc/ssh/sshd_config
systemctl restart sshd
chmod u=rw,g=,o= /etc/kubernetes/admin.conf
