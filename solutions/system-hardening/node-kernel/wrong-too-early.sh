# fails: settings
#!/bin/bash
printf 'kernel.dmesg_restrict = 1\nnet.ipv4.conf.all.accept_redirects = 0\n' > /etc/sysctl.d/50-hardening.conf
sysctl --system
printf 'install dccp /bin/false\ninstall sctp /bin/false\n' > /etc/modprobe.d/hardening.conf
modprobe -r dccp sctp
