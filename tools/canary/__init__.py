"""Documents that carry a canary where a secret is, and every output that they may reach: none may sing."""
