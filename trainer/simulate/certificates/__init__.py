"""What does a certificate or a request for one say, who trusts it, and would Kubernetes sign it?

`facts` reads a certificate with its key, `chain` says whether a client that trusts certain CAs accepts it,
`requests` reads a request, and `signers` says what the signers of a cluster do with one.
"""
