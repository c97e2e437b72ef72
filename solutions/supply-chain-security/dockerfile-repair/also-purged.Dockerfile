FROM python:3.13-slim-bookworm@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
COPY app.py templates /app/
COPY templates/ /app/templates/
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends libmagic1 wget; \
    wget -qO /usr/local/bin/migrate https://get.migrate.example/v4.18.1/migrate-linux-amd64; \
    echo "1193762a2db176ec4f694e096e13d54102c2df4bf99055fadc14973de098db98 */usr/local/bin/migrate" | sha256sum -c -; \
    chmod 0755 /usr/local/bin/migrate; \
    apt-get purge -y --auto-remove wget; \
    rm -rf /var/lib/apt/lists/*
RUN rm -f /app/report.html
WORKDIR /var/lib/reports
RUN chown -R 1000:1000 .
USER 1000
EXPOSE 8000
CMD python /app/app.py
