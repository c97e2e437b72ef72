# fails: rest-unchanged
#!/bin/bash
apt-mark unhold kubectl containerd
apt-get install -y kubectl=1.35.1-1.1
apt-mark hold kubelet kubectl
apt-get upgrade -y
