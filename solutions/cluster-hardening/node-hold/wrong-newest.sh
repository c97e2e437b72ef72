# fails: kubectl
#!/bin/bash
apt-mark unhold kubectl containerd
apt-get install -y kubectl
apt-mark hold kubelet kubectl
