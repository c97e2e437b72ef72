#!/bin/bash
rm /opt/binaries/kubelet /opt/binaries/kube-proxy
chmod 755 /opt/binaries/kubectl
