#!/usr/bin/env bash
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
# versions
VERSION=1.35.1
PKG="${VERSION}-1.1"
NODE=$(hostname)
log() { echo "[$(date +%T)] $*"; }
log "update kubeadm"
apt-get update -qq
apt-get install -y --allow-change-held-packages kubeadm="$PKG"
kubeadm upgrade plan "v$VERSION"
kubeadm upgrade apply "v$VERSION" --yes
log drain
kubectl drain "$NODE" --ignore-daemonsets --delete-emptydir-data --force --timeout=120s
apt-get install -y --allow-change-held-packages "kubelet=$PKG" "kubectl=$PKG"
systemctl daemon-reload && systemctl restart kubelet
kubectl uncordon "$NODE"
apt-mark hold kubeadm kubelet kubectl
kubectl get nodes
kubectl wait --for=condition=Ready node/controlplane --timeout=60s
