# A small image that runs as nobody. The context is what `npm run image` prepares: the packed
# package installed into `.cache/image`, so that the build itself needs no network.
ARG BASE=node:22-slim
FROM ${BASE}
COPY .cache/image/ /opt/etcd-tls-audit/
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["node", "/opt/etcd-tls-audit/lib/node_modules/etcd-tls-audit/dist/cli/main.js"]
CMD ["--help"]
