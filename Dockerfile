# A small image that runs as nobody: the executable, on the C and C++ libraries of Debian. The context is what
# `npm run image` prepares, so that the build itself needs no network.
ARG BASE=debian:12-slim
FROM ${BASE}
COPY .cache/image/etcd-tls-audit .cache/image/etcd-tls-audit.NOTICES.txt /usr/local/bin/
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/etcd-tls-audit"]
CMD ["--help"]
