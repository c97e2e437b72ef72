FROM python@sha256:5c8e1f7093d6a24be0f7c95d81a3b6e42f09d7c1e58b4a630df27e9ca1b4f80d
ARG ID=10001
WORKDIR /srv/catalog
COPY server.py .
RUN apt-get update && apt-get install -y libxml2
RUN mkdir -p /var/cache/catalog \
 && chown -R ${ID}:0 /var/cache/catalog \
 && chmod -R 0770 /var/cache/catalog
USER ${ID}
ENTRYPOINT ["python3", "/srv/catalog/server.py"]
