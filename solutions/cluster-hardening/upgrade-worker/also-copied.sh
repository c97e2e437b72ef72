#!/bin/bash
cat > /root/worker.sh <<'EOS'
apt-get update
apt-get install -y --allow-change-held-packages kubeadm=1.35.1-1.1
kubeadm upgrade node
apt-get install -y --allow-change-held-packages kubelet=1.35.1-1.1 kubectl=1.35.1-1.1
apt-mark hold kubeadm kubelet kubectl
systemctl daemon-reload
systemctl restart kubelet
EOS
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data
scp /root/worker.sh node01:/tmp/worker.sh
ssh node01 bash /tmp/worker.sh
ssh node01 rm /tmp/worker.sh
kubectl uncordon node01
