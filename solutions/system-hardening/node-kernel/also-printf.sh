printf 'kernel.dmesg_restrict=1\n' > /etc/sysctl.d/kernel.conf
printf '%s\n' 'net/ipv4/conf/all/accept_redirects = 0' > /etc/sysctl.d/zz-net.conf
sysctl -w kernel.dmesg_restrict=1 net.ipv4.conf.all.accept_redirects=0
printf 'install %s /usr/bin/false\n' dccp sctp | tee -a /etc/modprobe.d/blacklist.conf
modprobe -r sctp && modprobe -r dccp
