"""What a container can do once it runs: commands, mounts, images, seccomp and AppArmor."""
