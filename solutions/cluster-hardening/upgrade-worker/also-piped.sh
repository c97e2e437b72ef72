#!/bin/bash
set -eu
node=node01
kubectl drain "$node" --ignore-daemonsets --delete-emptydir-data --timeout=5m
cat <<EOS | ssh "$node" sudo bash -s
set -e
export DEBIAN_FRONTEND=noninteractive
apt-mark unhold kubeadm kubelet kubectl
apt-get update -y
apt-get install -y kubeadm=1.35.1-1.1
kubeadm upgrade node
apt-get install -y kubelet=1.35.1-1.1 kubectl=1.35.1-1.1
apt-mark hold kubeadm kubelet kubectl
systemctl daemon-reload
systemctl restart kubelet
systemctl is-active kubelet
EOS
kubectl uncordon "$node"
kubectl get node "$node" -o jsonpath='{.status.nodeInfo.kubeletVersion}'
