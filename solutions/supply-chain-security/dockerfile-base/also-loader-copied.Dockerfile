FROM debian:12@sha256:7a1e04c95d3fb826e0d17c4a95b8f3e621d0c7ab4e59f831602bd7c3ea94f185 AS full
FROM scratch
COPY --from=full /lib64/ld-linux-x86-64.so.2 /lib64/
COPY courier /usr/local/bin/courier
USER 65532
ENTRYPOINT ["/usr/local/bin/courier", "--listen=:8443"]
