# fails: rest-unchanged
#!/bin/bash
for user in anna builder tom; do gpasswd -d $user docker; done
usermod -g users paula
