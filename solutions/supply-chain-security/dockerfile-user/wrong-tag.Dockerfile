# fails: starts
FROM python:3.13-slim-bookworm
COPY . /srv/catalog/
RUN apt-get update && apt-get install -y libxml2 && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /var/cache/catalog && chown 10001 /var/cache/catalog
USER 10001
CMD ["python3", "/srv/catalog/server.py"]
