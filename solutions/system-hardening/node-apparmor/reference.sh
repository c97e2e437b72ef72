#!/bin/bash
cp /root/profiles/k8s-nginx /etc/apparmor.d/
apparmor_parser -r /etc/apparmor.d/k8s-nginx
aa-enforce /etc/apparmor.d/k8s-audit
