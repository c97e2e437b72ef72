#!/bin/bash
set -euo pipefail

sudo apt-mark unhold kubeadm && \
sudo apt-get update && sudo apt-get install -y kubeadm='1.35.1-*' && \
sudo apt-mark hold kubeadm

kubeadm version
sudo kubeadm upgrade plan
yes | sudo kubeadm upgrade apply v1.35.1

kubectl drain controlplane --ignore-daemonsets --delete-emptydir-data

sudo apt-mark unhold kubelet kubectl && \
sudo apt-get update && sudo apt-get install -y kubelet='1.35.1-*' kubectl='1.35.1-*' && \
sudo apt-mark hold kubelet kubectl

sudo systemctl daemon-reload
sudo systemctl restart kubelet
kubectl uncordon controlplane
