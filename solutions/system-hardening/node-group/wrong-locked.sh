# fails: rest-unchanged
#!/bin/bash
gpasswd -d anna docker
gpasswd -d tom docker
usermod -g users paula
usermod -L -s /usr/sbin/nologin anna
