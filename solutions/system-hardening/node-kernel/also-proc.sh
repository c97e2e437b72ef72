#!/bin/bash
echo 1 > /proc/sys/kernel/dmesg_restrict
echo 0 > /proc/sys/net/ipv4/conf/all/accept_redirects
echo 'kernel.dmesg_restrict = 1' | tee /etc/sysctl.d/70-dmesg.conf
sed -i 's/= 1$/= 0/' /etc/sysctl.d/60-legacy.conf
rmmod sctp
rmmod dccp
echo -e 'install dccp /bin/false\ninstall sctp /bin/false' > /etc/modprobe.d/no-net.conf
sed -i 's/^sctp/#sctp/' /etc/modules-load.d/*.conf
systemctl restart systemd-sysctl
