# fails: control-plane, kubelet
#!/bin/bash
true
apt-get install -y --allow-change-held-packages kubeadm=1.35.1-1.1
kubeadm upgrade apply -y v1.35.1
kubectl drain controlplane --ignore-daemonsets
apt-get install -y --allow-change-held-packages kubelet=1.35.1-1.1 kubectl=1.35.1-1.1
systemctl daemon-reload
systemctl restart kubelet
kubectl uncordon controlplane
