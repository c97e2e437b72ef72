"""On which nodes may Pods run, and what does their RuntimeClass add to them?

Start with `placement`. Every engine that asks for nodes uses these modules, so they know nothing of
networks or containers.
"""
