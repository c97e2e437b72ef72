cat /root/profiles/k8s-nginx > /etc/apparmor.d/nginx-for-pods
cd /etc/apparmor.d
sed -i 's/flags=(complain)/flags=(enforce)/' k8s-audit
apparmor_parser --replace nginx-for-pods k8s-audit
