#!/bin/bash
set -e
set -- kubeadm kubelet kubectl
V=1.35.1
apt-mark unhold "$@"
apt-get update
PKG=$(apt-cache madison kubeadm | awk '{print $3}' | grep "^$V" | head -1)
apt-get install -y kubeadm=$PKG
kubeadm upgrade plan
echo y | kubeadm upgrade apply v$V
kubectl drain controlplane --ignore-daemonsets=true --delete-emptydir-data=true
apt-get install -y kubelet=$PKG kubectl=$PKG
systemctl daemon-reload
systemctl restart kubelet
kubectl uncordon controlplane
apt-mark hold "$@"
