# fails: minimal
FROM registry.example.com/images/base:12-debug@sha256:e80b46a7d19f3c5205ea6bd8f14c7390a2d5e6f1087bc34d95a0e7f26c18b3d9
COPY courier /usr/local/bin/courier
USER 65532
ENTRYPOINT ["/usr/local/bin/courier", "--listen=:8443"]
