#!/bin/bash
set -euo pipefail
DIR=/opt/binaries
SUMS=/opt/release/SHA512SUMS
for f in "$DIR"/*; do
  name=$(basename "$f")
  want=$(awk -v n="$name" '$2 == n {print $1}' "$SUMS")
  have=$(sha512sum "$f" | cut -d' ' -f1)
  if [[ "$have" != "$want" ]]; then
    echo "removing $name"
    rm -f -- "$f"
  else
    chmod 755 "$f"
  fi
done
