"""What subjects may do: RBAC, requests and resources, and the paths by which a subject gains more."""
