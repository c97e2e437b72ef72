# fails: wrong-ones-gone
#!/bin/bash
rm /opt/binaries/kubelet
chmod 755 /opt/binaries/kubectl
