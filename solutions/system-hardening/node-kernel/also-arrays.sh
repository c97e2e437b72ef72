#!/usr/bin/env bash
set -euo pipefail

declare -A SETTINGS=(
  [kernel.dmesg_restrict]=1
  [net.ipv4.conf.all.accept_redirects]=0
)
conf=/etc/sysctl.d/99-zz-hardening.conf
: > "$conf"
for key in "${!SETTINGS[@]}"; do
  echo "${key} = ${SETTINGS[$key]}" >> "$conf"
done
sysctl -p "$conf"
MODULES=(dccp sctp)
for m in "${MODULES[@]}"; do
  printf 'blacklist %s\ninstall %s /bin/false\n' "$m" "$m" >> /etc/modprobe.d/disable.conf
  modprobe -r "$m" 2>/dev/null || true
done
