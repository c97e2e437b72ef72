# The loader and the program find each other by PATH.
FROM --platform=linux/amd64 registry.example.com/images/base:12@sha256:4c2f90d7ea5b186330d9fc4a7be1528d06c7e3f91ab84d5e27f60c9b31a8d7e5 AS final
COPY ["courier", "/usr/local/bin/"]
EXPOSE 8443
USER 65532
CMD ["courier", "--listen=:8443"]
