"""On which nodes Pods run, and what their RuntimeClass adds to them.

Every engine that asks for nodes uses these modules, so they know nothing of networks or containers.
"""
