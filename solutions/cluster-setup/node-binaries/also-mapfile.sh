#!/bin/bash
cd /opt/binaries || exit 1
mapfile -t bad < <(sha512sum -c /opt/release/SHA512SUMS 2>/dev/null | grep -v ': OK$' | awk -F: '{print $1}')
for b in "${bad[@]}"; do rm -f "/opt/binaries/$b"; done
chmod +x /opt/binaries/*
