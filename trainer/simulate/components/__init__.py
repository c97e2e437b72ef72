"""What a component of the control plane or a node does with its flags, files and manifests."""
