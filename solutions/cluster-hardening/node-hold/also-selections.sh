#!/bin/bash
apt-mark unhold kubectl
apt-get install -y kubectl=1.35.1-1.1
for package in kubelet kubectl; do
  echo "$package hold" | dpkg --set-selections
done
echo "containerd install" | dpkg --set-selections
