# fails: pinned
FROM golang:1.24-bookworm AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /quotes .
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /quotes /quotes
ENTRYPOINT ["/quotes"]
