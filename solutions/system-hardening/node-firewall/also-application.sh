#!/bin/bash
ufw insert 1 allow from 10.20.0.0/24 to any app OpenSSH
ufw allow from 10.0.0.10/32 proto tcp to any port 10250
ufw allow 30000:32767/tcp
ufw delete allow 22/tcp
ufw delete allow from 10.0.0.0/16
ufw default deny incoming
systemctl enable --now ufw
