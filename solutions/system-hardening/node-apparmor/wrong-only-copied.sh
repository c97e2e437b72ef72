# fails: loaded
#!/bin/bash
mv /root/profiles/k8s-nginx /etc/apparmor.d/k8s-nginx
aa-enforce k8s-audit
