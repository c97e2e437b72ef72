# fails: files
FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
COPY . /srv/catalog/
RUN apt-get update && apt-get install -y libxml2 && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /var/cache/catalog && chown 10001 /var/cache/catalog /srv/catalog
USER 10001
CMD ["python3", "/srv/catalog/server.py"]
