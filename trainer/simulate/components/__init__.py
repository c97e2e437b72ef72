"""What does a component of the control plane or of a node do with its flags, files and manifests?

Start with `static_pods` (the component as its manifest runs it) and `start` (whether it starts and stays
up). `command_line` reads the flags that `flags` knows, `settings` and `kubelet` say what is effective,
and `files` what a component reads on its node. The other modules have one subject each: what is recorded
(`audit`, with `audit_sorts` and `audit_near`), encrypted (`encryption`), admitted (`image_policy_webhook`),
open to anybody (`anonymous_access`), served by TLS (`tls`), and where a `kubeconfig` leads.
"""
