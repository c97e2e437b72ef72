#!/bin/bash
set -euo pipefail
sed -i 's/accept_redirects = 1/accept_redirects = 0/' /etc/sysctl.d/60-legacy.conf
echo "kernel.dmesg_restrict=1" >> /etc/sysctl.conf
sysctl -q -p /etc/sysctl.d/60-legacy.conf
sysctl -q -p
rm /etc/modules-load.d/telephony.conf
for module in dccp sctp; do
  echo "install $module /bin/true" > "/etc/modprobe.d/$module.conf"
  echo "blacklist $module" >> "/etc/modprobe.d/$module.conf"
  rmmod "$module"
done
