"""Which traffic reaches which Pod?

Start with `flows`, which answers for one pair and one port, and names the line that decides; `matrix`
answers for all pairs at once. Both build on `pods` (what runs where), `policy` (NetworkPolicies, compiled),
`services`, `ports` and `addresses`. `ends` says which of them a name means. `routes` answers for Ingress:
which Service gets a request for a URL.
"""
