# fails: logins, rest-unchanged
#!/bin/bash
systemctl disable --now ssh
chmod 600 /etc/kubernetes/admin.conf
