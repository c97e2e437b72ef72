# fails: only-needed
#!/bin/bash
ufw --force delete 3
ufw delete allow OpenSSH
ufw allow from 10.20.0.0/24 to any port 22 proto tcp
ufw allow from 10.0.0.10 to any port 10250 proto tcp
ufw allow 30000:32767/tcp
ufw default deny incoming
