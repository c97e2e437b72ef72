# fails: only-needed
#!/bin/bash
ufw --force reset
ufw default deny incoming
ufw allow from 10.20.0.0/24 to any port 22 proto tcp
ufw allow from 10.0.0.0/24 to any port 10250 proto tcp
ufw allow 30000:32767/tcp
ufw --force enable
