# fails: steps
#!/bin/bash
apt-get update
kubectl drain controlplane --ignore-daemonsets
apt-get install -y --allow-change-held-packages kubeadm=1.35.1-1.1 kubelet=1.35.1-1.1 kubectl=1.35.1-1.1
systemctl restart kubelet
kubeadm upgrade apply -y v1.35.1
kubectl uncordon controlplane
