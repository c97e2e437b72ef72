#!/bin/bash
set -e
ufw delete allow 22/tcp
ufw delete allow from 10.0.0.0/16
ufw default reject
ufw allow proto tcp from 10.20.0.0/24 to 10.0.0.21 port 22 comment 'administrators'
ufw allow in from 10.0.0.10/32 to any port 10250 proto tcp
ufw allow 30000:32767/tcp comment 'NodePort Services'
