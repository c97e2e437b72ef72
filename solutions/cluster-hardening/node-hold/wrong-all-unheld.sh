# fails: holds
#!/bin/bash
apt-mark unhold kubeadm kubectl containerd
apt-get install -y kubectl=1.35.1-1.1
apt-mark hold kubectl kubelet
