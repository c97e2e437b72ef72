#!/usr/bin/env bash
set_param() {
  local key="$1" val="$2" file="/etc/sysctl.d/60-netipv4_sysctl.conf"
  if grep -Pq -- "^\h*${key}\h*=" "$file" 2>/dev/null; then
    sed -i "s|^\s*${key}\s*=.*|${key} = ${val}|" "$file"
  else
    printf '%s\n' "${key} = ${val}" >> "$file"
  fi
  sysctl -w "${key}=${val}"
}
set_param kernel.dmesg_restrict 1
set_param net.ipv4.conf.all.accept_redirects 0
for mod in dccp sctp; do
  if ! modprobe -n -v "$mod" | grep -q '^install /bin/false'; then
    echo "install $mod /bin/false" > "/etc/modprobe.d/$mod.conf"
  fi
  if lsmod | grep -q "^$mod"; then
    rmmod "$mod"
  fi
done
