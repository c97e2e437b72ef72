# syntax=docker/dockerfile:1
ARG VERSION=4.18.1
FROM debian:12-slim@sha256:6d07f5e39a2bc84106fd7e51c03ab9482ee6950f7b18c3d4a2905ef6837bc1da AS migrate
ARG VERSION
WORKDIR /get
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates
COPY checksums.txt .
RUN curl -fsSLO "https://get.migrate.example/v${VERSION}/migrate-linux-amd64" && \
    sha256sum --check --strict checksums.txt && \
    chmod +x migrate-linux-amd64

FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    --mount=type=cache,target=/var/cache/apt,sharing=locked \
    apt-get update && apt-get install -y libmagic1
RUN useradd --system --uid 999 --no-create-home reports && install -d -o reports -g reports -m 0750 /var/lib/reports
COPY --from=migrate /get/migrate-linux-amd64 /usr/local/bin/migrate
WORKDIR /app
COPY --chown=root:root --chmod=u=rwX,go=rX . .
USER 999:999
EXPOSE 8000/tcp
ENTRYPOINT ["python3", "app.py"]
