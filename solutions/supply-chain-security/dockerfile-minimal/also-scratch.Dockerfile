# syntax=docker/dockerfile:1
ARG GO=golang:1.24-alpine@sha256:b94c07e2f1a36d5580ce71943bd20fa6e4850137dd2c9e6ab5f80c3a71e9d264
FROM ${GO} AS build
ENV CGO_ENABLED=0 \
    GOFLAGS=-mod=mod
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/root/.cache/go-build \
    go mod download && go mod verify
COPY *.go ./
RUN go build -trimpath -ldflags="-s -w" -o /out/ .

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=10001:10001 --chmod=0555 /out/quotes /bin/
EXPOSE 8080/tcp
USER 10001:10001
WORKDIR /
CMD ["quotes"]
