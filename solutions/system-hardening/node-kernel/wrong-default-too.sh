# fails: rest-unchanged
#!/bin/bash
cat > /etc/sysctl.d/90-hardening.conf <<EOF
kernel.dmesg_restrict = 1
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.default.accept_redirects = 0
EOF
sysctl --system
cat > /etc/modprobe.d/hardening.conf <<EOF
install dccp /bin/false
install sctp /bin/false
EOF
modprobe -r dccp sctp
