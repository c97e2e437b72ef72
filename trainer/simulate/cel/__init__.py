"""What does an expression of an admission policy evaluate to? CEL, as Kubernetes extends it.

Follows https://kubernetes.io/docs/reference/using-api/cel/, k8s.io/apiserver v1.36
(`pkg/cel/environment/base.go`, `pkg/cel/library`, `pkg/admission/plugin/cel`) and cel-go v0.26. `syntax`
makes trees, `check` types them, `evaluate` runs them within a budget of steps, so that learners'
expressions need no process of their own. `library` finds a function by its name; the other modules have
the functions of a subject each. Outside the subset: the API server's cost estimate, and JSON patches.
"""
