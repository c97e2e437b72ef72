# fails: migrate
FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
ADD --chmod=755 --checksum=sha256:2706c1cc1c81aafc509b32fbbbee774ad88107e6afe059845bd081d1eca9bc71 https://get.migrate.example/latest/migrate-linux-amd64 /usr/local/bin/migrate
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
