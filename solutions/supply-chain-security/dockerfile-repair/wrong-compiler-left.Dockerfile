# fails: packages
FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
RUN apt-get update && apt-get install -y --no-install-recommends libmagic1 gcc \
 && apt-get purge -y gcc \
 && rm -rf /var/lib/apt/lists/*
ADD --checksum=sha256:1193762a2db176ec4f694e096e13d54102c2df4bf99055fadc14973de098db98 --chmod=755 https://get.migrate.example/v4.18.1/migrate-linux-amd64 /usr/local/bin/migrate
WORKDIR /app
COPY app.py .
COPY templates templates
RUN mkdir -p /var/lib/reports && chown 10001 /var/lib/reports
EXPOSE 8000
USER 10001
CMD ["python3","/app/app.py"]
