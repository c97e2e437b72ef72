#!/bin/bash
apt-mark unhold kubectl && apt-get update && apt-get install -y kubectl=1.35.1-1.1 && apt-mark hold kubectl
apt-mark hold kubelet
apt-mark unhold containerd
dpkg -l | grep kube
