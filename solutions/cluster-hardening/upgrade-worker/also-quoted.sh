V=1.35.1-1.1
ssh -o StrictHostKeyChecking=no node01 "sudo apt-get update && sudo apt-mark unhold kubeadm kubelet kubectl && sudo apt-get install -y kubeadm=$V"
ssh node01 'sudo kubeadm upgrade node' || exit 1
kubectl drain node01 --delete-emptydir-data --ignore-daemonsets &&
  ssh node01 "sudo apt-get install -y kubelet=$V kubectl=$V; sudo systemctl restart kubelet; sudo apt-mark hold kubeadm kubelet kubectl"
kubectl uncordon node01
