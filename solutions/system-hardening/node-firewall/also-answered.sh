yes | ufw delete 3
yes | ufw delete 1
ufw prepend allow proto tcp to any port 30000:32767
ufw insert 1 allow proto tcp from 10.20.0.0/24 to any port 22
ufw allow proto tcp from 10.0.0.10 to any port 10250
ufw default deny
