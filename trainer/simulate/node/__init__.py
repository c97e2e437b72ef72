"""What is left on the nodes of a cluster when a script has run: now, and after a restart?

Start with `run`, which runs the script and says which line changed what. `given` is what a card declares,
`system` the state that commands change, `machine` runs them on it, `boot` restarts a node, and `facts` tells
what is true. Each subject has a module with its commands: `packages`, `services`, `sockets`, `processes`,
`accounts`, `sudoers`, `files`, `kernel`, `modules`, `apparmor`, `firewall`, `checksums`, `kubeadm` and
`kubectl`. Nothing is executed. A command, an option or a construct outside the subset raises `NotJudged`,
with the line of the script.
"""
