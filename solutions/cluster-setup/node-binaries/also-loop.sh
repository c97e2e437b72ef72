set -u
cd /opt/binaries || exit 1
for name in kube-apiserver kube-proxy kubeadm kubectl kubelet; do
  if grep " $name\$" /opt/release/SHA512SUMS | sha512sum --status --check; then
    chmod +x $name
  else
    rm $name
  fi
done
