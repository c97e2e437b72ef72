"""What may a subject do, and how could it gain more?

Start with `authorizer`, which answers a single request. `requests` and `resources` say what a request is,
`roles` and `policy_rules` which rules a binding grants, and `defaults` has the roles of a new cluster.
`escalation` searches for privilege escalation, one of the `escalation_steps` after another. `service_account`
says which identity and which tokens a Pod gets.
"""
