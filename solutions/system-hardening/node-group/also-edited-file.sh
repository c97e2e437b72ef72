#!/bin/bash
sed -i 's/^\(docker:x:[0-9]*:\).*/\1builder/' /etc/group
usermod -g users paula
