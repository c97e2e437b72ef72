from golang:1.24-alpine@sha256:b94c07e2f1a36d5580ce71943bd20fa6e4850137dd2c9e6ab5f80c3a71e9d264 as builder
workdir /src
copy . .
run <<SCRIPT
set -e
go vet ./...
go build -o quotes .
SCRIPT

# The base sets USER 65532 itself.
from gcr.io/distroless/static-debian12:nonroot@sha256:71e3fb0a9c5d2864a0b7f91e38c6d45207ea1bd93f8c6e5024d7b9a1c0f3e586
copy --from=0 /src/quotes /usr/local/bin/quotes
entrypoint ["quotes"]
