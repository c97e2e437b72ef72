# fails: rest-unchanged
#!/bin/bash
mv /opt/binaries/kubelet /opt/kubelet.bad
mv /opt/binaries/kube-proxy /opt/kube-proxy.bad
chmod 755 /opt/binaries/kubectl
