"""What does a ValidatingAdmissionPolicy do with a request?

Start with `policies`. `matching` says whether a policy or a binding matches the request, `variables`
what its expressions can read, and `server_form` in which form they see an object. The package `cel`
evaluates the expressions.
"""
