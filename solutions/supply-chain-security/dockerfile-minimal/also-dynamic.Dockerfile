# escape=`
FROM --platform=$BUILDPLATFORM docker.io/library/golang@sha256:3a1d8e0b6c9f42757d1be5a04c8f69e2b7730d15fa8c4e92610bd3f7a58c2e41 AS build
COPY . /src
RUN cd /src && `
    # the loader is in the base of the last stage
    go build -o /src/bin/quotes main.go

FROM debian:12-slim AS unused

FROM gcr.io/distroless/base-debian12@sha256:4c2f90d7ea5b186330d9fc4a7be1528d06c7e3f91ab84d5e27f60c9b31a8d7e5 AS final
COPY --from=build [ "/src/bin", "/app/" ]
USER 1000:1000
CMD ["/app/quotes"]
