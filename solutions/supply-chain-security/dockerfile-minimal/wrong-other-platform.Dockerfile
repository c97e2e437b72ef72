# fails: starts
FROM golang:1.24-bookworm@sha256:3a1d8e0b6c9f42757d1be5a04c8f69e2b7730d15fa8c4e92610bd3f7a58c2e41 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOARCH=arm64 go build -o /quotes .
FROM gcr.io/distroless/static-debian12@sha256:d5a9173c0e6f48b2913c7d0ea4bf5682715d09c3e8fb2a6047d9e1b8c35f7a04
COPY --from=build /quotes /quotes
USER 65532
CMD ["/quotes"]
