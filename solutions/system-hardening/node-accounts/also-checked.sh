set -eu
cat > /root/deploy <<'EOF'
# releases of the shop
deploy ALL = (root:root) NOPASSWD: /usr/bin/systemctl restart nginx
EOF
visudo -c -f /root/deploy && install -m 0440 -o root -g root /root/deploy /etc/sudoers.d/deploy
for group in docker sudo; do deluser intern "$group"; done
kill -9 $(pgrep -u mallory)
deluser --remove-home mallory
