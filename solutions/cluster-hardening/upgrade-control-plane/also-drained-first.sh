version=1.35.1
apt-get update -q
kubectl drain node/controlplane --ignore-daemonsets=true --timeout=120s
apt-mark unhold kubeadm kubelet kubectl
apt-get install -y -q kubeadm=$version-1.1
if kubeadm upgrade apply --yes "$version"; then
  apt-get install -y kubelet=$version-1.1 kubectl=$version-1.1
  systemctl stop kubelet
  systemctl start kubelet
fi
apt-mark hold kubeadm kubelet kubectl
kubectl uncordon controlplane
