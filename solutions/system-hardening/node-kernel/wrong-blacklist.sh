# fails: modules
#!/bin/bash
printf 'kernel.dmesg_restrict = 1\nnet.ipv4.conf.all.accept_redirects = 0\n' > /etc/sysctl.d/90-hardening.conf
sysctl --system
printf 'blacklist dccp\nblacklist sctp\n' > /etc/modprobe.d/hardening.conf
modprobe -r dccp sctp
