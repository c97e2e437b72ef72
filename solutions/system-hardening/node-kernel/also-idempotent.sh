#!/bin/bash
conf=/etc/sysctl.d/99-cis.conf
: > $conf
for kv in kernel.dmesg_restrict=1 net.ipv4.conf.all.accept_redirects=0; do
  grep -qxF "$kv" $conf || echo "$kv" >> $conf
  sysctl -qw "$kv"
done
printf 'install %s /bin/false\n' dccp sctp | tee /etc/modprobe.d/cis.conf
rm -f /etc/modules-load.d/telephony.conf
rmmod dccp sctp || true
modprobe -n -v dccp
sysctl kernel.dmesg_restrict net.ipv4.ip_forward
