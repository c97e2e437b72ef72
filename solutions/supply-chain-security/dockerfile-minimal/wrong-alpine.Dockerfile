# fails: minimal
FROM golang:1.24-alpine@sha256:b94c07e2f1a36d5580ce71943bd20fa6e4850137dd2c9e6ab5f80c3a71e9d264 AS build
WORKDIR /src
COPY . .
RUN go build -o /quotes .
FROM alpine:3.20@sha256:0f72ac1e5b8d4936e7a30b5cf91d28e4637a0dc85e1f9b2648c7d30ae95b1f68
RUN apk add --no-cache ca-certificates && rm -rf /sbin/apk
COPY --from=build /quotes /quotes
USER 65532
ENTRYPOINT ["/quotes"]
