# A small image that runs as nobody: the executable, on the C and C++ libraries of Debian. The context is what
# `npm run image` prepares, so that the build itself needs no network.
# By digest, so that the same sources make the same image: `docker buildx imagetools inspect debian:12-slim` shows the newest.
ARG BASE=debian:12-slim@sha256:7c7b2c966bc9ee8cedfeef67e0e279108992c77681fa595db4a9d65c06ccc587
FROM ${BASE}
COPY .cache/image/etcd-tls-audit .cache/image/etcd-tls-audit.NOTICES.txt /usr/local/bin/
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/etcd-tls-audit"]
CMD ["--help"]
