FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
ENV PYTHONUNBUFFERED=1
RUN <<'SCRIPT'
set -e
apt-get update -q
apt-get install -yq --no-install-recommends libmagic1
apt-get clean
rm -rf /var/lib/apt/lists/*
mkdir -m 0700 -p /var/lib/reports
chown 65534:65534 /var/lib/reports
SCRIPT
ADD --checksum=sha256:1193762a2db176ec4f694e096e13d54102c2df4bf99055fadc14973de098db98 https://get.migrate.example/v4.18.1/migrate-linux-amd64 /tmp/migrate
RUN install -m 0555 /tmp/migrate /usr/local/bin/migrate && rm /tmp/migrate
COPY --exclude=checksums.txt . /app
USER 65534
EXPOSE 8000
ENTRYPOINT ["/usr/local/bin/python3"]
CMD ["/app/app.py"]
