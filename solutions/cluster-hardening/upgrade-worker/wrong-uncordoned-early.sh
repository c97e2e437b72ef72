# fails: drained
#!/bin/bash
ssh node01 apt-get update
ssh node01 apt-get install -y --allow-change-held-packages kubeadm=1.35.1-1.1
ssh node01 kubeadm upgrade node
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data
ssh node01 apt-get install -y --allow-change-held-packages kubelet=1.35.1-1.1 kubectl=1.35.1-1.1
ssh node01 systemctl daemon-reload
kubectl uncordon node01
ssh node01 systemctl restart kubelet
