# fails: control-plane, kubelet
#!/bin/bash
apt-get update
apt-get install -y --allow-change-held-packages kubeadm=1.36.0-1.1
kubeadm upgrade apply -y v1.36.0
kubectl drain controlplane --ignore-daemonsets
apt-get install -y --allow-change-held-packages kubelet=1.36.0-1.1 kubectl=1.35.1-1.1
systemctl daemon-reload
systemctl restart kubelet
kubectl uncordon controlplane
