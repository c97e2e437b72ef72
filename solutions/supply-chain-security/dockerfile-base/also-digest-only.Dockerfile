FROM registry.example.com/images/base@sha256:4c2f90d7ea5b186330d9fc4a7be1528d06c7e3f91ab84d5e27f60c9b31a8d7e5
USER 65532:65532
COPY --chmod=0555 courier /
ENTRYPOINT ["/courier"]
CMD ["--listen=:8443"]
