#!/bin/bash
for user in $(getent group docker | cut -d: -f4 | tr , ' '); do
  [ "$user" = builder ] || gpasswd --delete "$user" docker
done
usermod -g users paula
