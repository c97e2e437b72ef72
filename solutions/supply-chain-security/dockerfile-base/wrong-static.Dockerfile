# fails: starts
FROM registry.example.com/images/static:12@sha256:d5a9173c0e6f48b2913c7d0ea4bf5682715d09c3e8fb2a6047d9e1b8c35f7a04
COPY courier /usr/local/bin/courier
USER 65532
ENTRYPOINT ["/usr/local/bin/courier", "--listen=:8443"]
