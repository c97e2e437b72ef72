FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
RUN apt-get update \
    && apt-get install -y --no-install-recommends libxml2 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 catalog \
    && useradd --uid 10001 --gid 10001 --no-create-home catalog \
    && install -d -o catalog -g catalog -m 0750 /var/cache/catalog
COPY --chmod=0644 server.py /srv/catalog/server.py
USER 10001:10001
CMD ["python3", "/srv/catalog/server.py"]
