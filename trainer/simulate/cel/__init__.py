"""What does an expression of an admission policy evaluate to? CEL, as Kubernetes extends it.

Follows https://kubernetes.io/docs/reference/using-api/cel/ and k8s.io/apiserver v1.35
(`pkg/cel/environment/base.go`, `pkg/cel/library`, `pkg/admission/plugin/cel`). `syntax` makes trees,
`check` types them as far as types are known, `evaluate` runs them within a budget of steps, so that
learners' expressions need no process of their own. `library` finds a function by its name; the other
modules have the functions of a subject each. Outside the subset: the API server's cost estimate, and
JSON patches.
"""
