# fails: base, packages, migrate, user
FROM python:3.13-alpine@sha256:e1d7042c9fa8b365700e4dc1b9f823a6d57e0c94f1b8a2ed3465c7f0b9a1d82e
ADD --checksum=sha256:1193762a2db176ec4f694e096e13d54102c2df4bf99055fadc14973de098db98 --chmod=755 https://get.migrate.example/v4.18.1/migrate-linux-amd64 /usr/local/bin/migrate
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmagic1 \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /var/lib/reports \
    && chown 10001 /var/lib/reports
COPY app.py /app/
COPY templates /app/templates/
USER 10001
EXPOSE 8000
CMD ["python3", "/app/app.py"]
