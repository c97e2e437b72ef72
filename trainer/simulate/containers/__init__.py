"""What can a process in a container do: run, write, read, call the kernel?

Start with the question: where can it write (`mounts`, with `volumes`), which containers share data
(`storage`), which system calls can it make (`seccomp`), which AppArmor profile confines it (`apparmor`),
which keys of a Secret does it see (`secret_files`), which image runs (`images`), and what does its start do
(`startup`, with `commands`, `shell`, `tools` and `filesystem`)? `effective` joins the settings of a container
with those of its Pod.
"""
