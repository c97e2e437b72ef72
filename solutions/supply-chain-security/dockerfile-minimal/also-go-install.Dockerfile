FROM gcr.io/distroless/static-debian12@sha256:71e3fb0a9c5d2864a0b7f91e38c6d45207ea1bd93f8c6e5024d7b9a1c0f3e586 AS runtime
FROM golang@sha256:3a1d8e0b6c9f42757d1be5a04c8f69e2b7730d15fa8c4e92610bd3f7a58c2e41 AS build
ENV CGO_ENABLED 0
WORKDIR /go/src/quotes
COPY ["go.mod", "go.sum", "main.go", "./"]
RUN ["go", "install", "."]

FROM runtime
LABEL org.opencontainers.image.title="quotes"
COPY --from=build /go/bin/quotes /bin/quotes
ENV PATH=/bin
USER 65532
ENTRYPOINT ["quotes"]
