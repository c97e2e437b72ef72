#!/bin/bash
for cmd in "apt-get update" "apt-mark unhold kubeadm" "apt-get install -y kubeadm=1.35.1-1.1" "apt-mark hold kubeadm" "kubeadm upgrade node"; do
  ssh node01 "$cmd" || exit 1
done
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data
while read -r cmd; do
  ssh -n node01 "$cmd"
done <<'EOC'
apt-mark unhold kubelet kubectl
apt-get install -y kubelet=1.35.1-1.1 kubectl=1.35.1-1.1
apt-mark hold kubelet kubectl
systemctl daemon-reload
systemctl restart kubelet
EOC
kubectl uncordon node01
