# fails: settings
#!/bin/bash
sysctl -w kernel.dmesg_restrict=1
sysctl -w net.ipv4.conf.all.accept_redirects=0
printf 'install dccp /bin/false\ninstall sctp /bin/false\n' > /etc/modprobe.d/hardening.conf
modprobe -r dccp
modprobe -r sctp
