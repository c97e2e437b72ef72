VERSION=1.35.1-1.1
for package in $(apt-mark showhold); do
  apt-mark unhold "$package"
done
apt install -y kubectl=$VERSION
for package in kubeadm kubelet kubectl; do apt-mark hold "$package"; done
apt-mark showhold
