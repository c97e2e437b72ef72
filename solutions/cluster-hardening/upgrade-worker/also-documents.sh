#!/bin/bash
set -e
kubectl cordon node01
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data --grace-period=30
ssh root@node01 <<'EOF'
set -e
apt-mark unhold kubeadm kubelet kubectl
apt-get update
apt-get install -y kubeadm='1.35.1-*'
kubeadm upgrade node
apt-get install -y kubelet='1.35.1-*' kubectl='1.35.1-*'
apt-mark hold kubeadm kubelet kubectl
systemctl daemon-reload
systemctl restart kubelet
EOF
kubectl uncordon node01
