# fails: members
#!/bin/bash
gpasswd -d anna docker
usermod -g users paula
