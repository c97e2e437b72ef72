"""Which calls between Pods does a service mesh accept, encrypt and authorize?

Start with `calls`, which answers for one call and names the line that decides. It builds on `sidecars` (who
is in the mesh), `peers` (what servers accept), `destinations` (what clients send) and `authorization` (who
may call what)."""
