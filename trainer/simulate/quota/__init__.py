"""How much may a Namespace use: what do LimitRanges add and refuse, and what do ResourceQuotas count?

Start with `creation`: an object that somebody creates in, what the API server makes of it out. `limit_range`
and `quotas` are the two admission plugins, `charges` says what one object costs.
"""
