# fails: pinned
FROM golang:1.24-bookworm@sha256:3a1d8e0b6c9f42757d1be5a04c8f69e2b7730d15fa8c4e92610bd3f7a58c2e41 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /quotes .
FROM scratch
COPY --from=golang:1.24-alpine /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /quotes /quotes
USER 65532
CMD ["/quotes"]
