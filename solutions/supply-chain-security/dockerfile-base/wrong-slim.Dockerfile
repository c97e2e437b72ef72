# fails: minimal
FROM debian:12-slim@sha256:6d07f5e39a2bc84106fd7e51c03ab9482ee6950f7b18c3d4a2905ef6837bc1da
COPY courier /usr/local/bin/courier
USER 65532
ENTRYPOINT ["/usr/local/bin/courier", "--listen=:8443"]
