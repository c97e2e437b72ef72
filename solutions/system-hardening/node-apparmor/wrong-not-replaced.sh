# fails: enforced
#!/bin/bash
cp /root/profiles/k8s-nginx /etc/apparmor.d/
apparmor_parser -r /etc/apparmor.d/k8s-nginx
sed -i 's/ flags=(complain)//' /etc/apparmor.d/k8s-audit
