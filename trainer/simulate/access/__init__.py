"""What can a subject do, and how could it escalate its privileges?

Start with `authorizer`, which answers a single request. `requests` and `resources` say what a request is,
`roles` and `policy_rules` which rules a binding grants, and `defaults` has the roles of a new cluster.
`escalation` searches for privilege escalation, by chaining `escalation_steps`. `service_account`
says which identity and which tokens a Pod gets.
"""
