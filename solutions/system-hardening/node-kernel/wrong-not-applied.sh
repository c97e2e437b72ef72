# fails: settings, modules
#!/bin/bash
printf 'kernel.dmesg_restrict = 1\nnet.ipv4.conf.all.accept_redirects = 0\n' > /etc/sysctl.d/90-hardening.conf
printf 'install dccp /bin/false\ninstall sctp /bin/false\n' > /etc/modprobe.d/hardening.conf
