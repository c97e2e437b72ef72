#!/bin/bash
run() { ssh -o StrictHostKeyChecking=no node01 "sudo $*"; }
PKGS=(kubeadm kubelet kubectl)
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data
run apt-mark unhold "${PKGS[@]}"
run apt-get update
run apt-get install -y "${PKGS[@]/%/=1.35.1-1.1}"
run kubeadm upgrade node
run apt-mark hold "${PKGS[@]}"
run systemctl daemon-reload
run systemctl restart kubelet
kubectl uncordon node01
