# fails: members, rest-unchanged
#!/bin/bash
gpasswd -d anna docker
userdel tom
usermod -g users paula
