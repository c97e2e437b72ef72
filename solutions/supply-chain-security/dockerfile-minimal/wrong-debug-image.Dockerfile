# fails: minimal
FROM golang:1.24-bookworm@sha256:3a1d8e0b6c9f42757d1be5a04c8f69e2b7730d15fa8c4e92610bd3f7a58c2e41 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /quotes .
FROM gcr.io/distroless/static-debian12:debug@sha256:e80b46a7d19f3c5205ea6bd8f14c7390a2d5e6f1087bc34d95a0e7f26c18b3d9
COPY --from=build /quotes /quotes
USER 65532
ENTRYPOINT ["/quotes"]
