# fails: right-ones-stay
#!/bin/bash
rm /opt/binaries/kubelet /opt/binaries/kube-proxy /opt/binaries/kubectl
