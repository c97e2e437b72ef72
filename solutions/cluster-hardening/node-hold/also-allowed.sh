#!/bin/bash
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get install -y --allow-change-held-packages kubectl='1.35.1-*' || apt-get install --yes --allow-change-held-packages kubectl=1.35.1-1.1
apt-mark hold kubeadm kubelet kubectl
apt-mark unhold containerd
