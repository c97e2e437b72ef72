FROM registry.example.com/images/base:12@sha256:4c2f90d7ea5b186330d9fc4a7be1528d06c7e3f91ab84d5e27f60c9b31a8d7e5
COPY courier /usr/local/bin/courier
USER 65532
ENTRYPOINT ["/usr/local/bin/courier", "--listen=:8443"]
