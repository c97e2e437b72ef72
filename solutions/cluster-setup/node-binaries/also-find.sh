#!/bin/bash
cd /opt/binaries
while read -r sum name; do
  if ! echo "$sum  $name" | sha512sum --check --status; then
    rm "$name"
  fi
done < /opt/release/SHA512SUMS
find . -type f -exec chmod 0755 {} +
ls -l
