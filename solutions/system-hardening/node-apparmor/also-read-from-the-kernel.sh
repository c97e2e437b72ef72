#!/bin/bash
cp -v /root/profiles/k8s-nginx /etc/apparmor.d/k8s-nginx
aa-enforce /etc/apparmor.d/k8s-nginx
sed -i -e 's/ *flags=(complain)//' /etc/apparmor.d/k8s-audit
apparmor_parser -r /etc/apparmor.d/k8s-audit
cat /sys/kernel/security/apparmor/profiles
