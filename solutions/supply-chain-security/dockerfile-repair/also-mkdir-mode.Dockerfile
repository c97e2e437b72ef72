# syntax=docker/dockerfile:1.7
FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
RUN <<EOF
set -e
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libmagic1
apt-get clean
rm -rf /var/lib/apt/lists
EOF
ADD https://get.migrate.example/v4.18.1/migrate-linux-amd64 /usr/local/bin/migrate
RUN echo "1193762a2db176ec4f694e096e13d54102c2df4bf99055fadc14973de098db98  /usr/local/bin/migrate" | sha256sum --check --strict - && chmod 0555 /usr/local/bin/migrate
COPY --chown=root:root --chmod=755 app.py /app/app.py
COPY --chown=0:0 templates/report.html /app/templates/report.html
RUN mkdir -m 1777 /var/lib/reports
USER 1000:1000
EXPOSE 8000
CMD ["/usr/local/bin/python3", "/app/app.py"]
