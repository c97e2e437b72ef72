"""What do the rules of a CustomResourceDefinition (`x-kubernetes-validations`) accept?

`types` says what `self` is for CEL, `rules` compiles the rules as the API server does when the definition
is created, `resources` judges custom resources with schema and rules.
"""
