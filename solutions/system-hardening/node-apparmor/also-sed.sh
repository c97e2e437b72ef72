#!/bin/bash
set -euo pipefail
install -m 0644 /root/profiles/k8s-nginx /etc/apparmor.d/k8s-nginx
sed -i 's/ flags=(complain)//' /etc/apparmor.d/k8s-audit
apparmor_parser -q -r /etc/apparmor.d/k8s-audit
apparmor_parser -a /etc/apparmor.d/k8s-nginx
aa-status | grep k8s-
