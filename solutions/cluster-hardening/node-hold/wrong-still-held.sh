# fails: kubectl
#!/bin/bash
apt-get install -y kubectl=1.35.1-1.1
apt-mark hold kubelet
apt-mark unhold containerd
