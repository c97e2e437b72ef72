# fails: rest-unchanged
#!/bin/bash
cp /root/profiles/k8s-nginx /etc/apparmor.d/
sed -i 's/ flags=(complain)//' /etc/apparmor.d/k8s-audit
systemctl reload apparmor
