# fails: pinned
FROM registry.example.com/images/base:12
COPY courier /usr/local/bin/courier
USER 65532
ENTRYPOINT ["/usr/local/bin/courier", "--listen=:8443"]
