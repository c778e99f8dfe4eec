import { join, resolve } from 'node:path';
import { version } from '../../src/version.ts';
import type { Architecture } from '../executable/node.ts';

/** nfpm's configuration: https://nfpm.goreleaser.com/docs/configuration/ */
export function configurationFor(architecture: Architecture, executable: string, texts: string) {
  const text = (name: string) => join(texts, name);
  return {
    name: 'etcd-tls-audit',
    arch: architecture === 'x64' ? 'amd64' : architecture,
    platform: 'linux',
    version,
    section: 'admin',
    priority: 'optional',
    maintainer: 'etcd-tls-audit <etcd-tls-audit@users.noreply.github.com>',
    homepage: 'https://github.com/etcd-tls-audit/etcd-tls-audit',
    license: 'Apache-2.0',
    description:
      "Predicts what etcd will do with its certificates\nReads a cluster's certificates, keys and TLS settings, and verifies the prediction on the running cluster.",
    // Node's symbol versions: GLIBC_2.28, GLIBCXX_3.4.21 (GCC 5).
    overrides: {
      deb: { depends: ['libc6 (>= 2.28)', 'libstdc++6 (>= 5)'] },
      rpm: { depends: ['glibc >= 2.28', 'libstdc++ >= 5'] },
    },
    // In the packager's Go, xz takes a minute and saves a fifth.
    deb: { compression: 'gzip' },
    rpm: { compression: 'gzip' },
    contents: [
      file(executable, '/usr/bin/etcd-tls-audit', 0o755),
      { src: 'etcd-tls-audit', dst: '/usr/bin/kubectl-etcd_tls_audit', type: 'symlink' },
      file(text('man'), '/usr/share/man/man1/etcd-tls-audit.1.gz'),
      file(text('bash'), '/usr/share/bash-completion/completions/etcd-tls-audit'),
      {
        ...file(text('zsh'), '/usr/share/zsh/vendor-completions/_etcd-tls-audit'),
        packager: 'deb',
      },
      { ...file(text('zsh'), '/usr/share/zsh/site-functions/_etcd-tls-audit'), packager: 'rpm' },
      file(text('fish'), '/usr/share/fish/vendor_completions.d/etcd-tls-audit.fish'),
      file(text('copyright'), '/usr/share/doc/etcd-tls-audit/copyright'),
      // rpm removes only the directories that a package lists.
      { dst: '/usr/share/doc/etcd-tls-audit', type: 'dir', packager: 'rpm' },
      file(
        resolve('packaging', 'etcd-tls-audit.service'),
        '/usr/lib/systemd/system/etcd-tls-audit.service',
      ),
      file(
        resolve('packaging', 'etcd-tls-audit.timer'),
        '/usr/lib/systemd/system/etcd-tls-audit.timer',
      ),
      {
        ...file(resolve('packaging', 'etcd-tls-audit.default'), '/etc/default/etcd-tls-audit'),
        type: 'config|noreplace',
      },
    ],
  };
}

function file(src: string, dst: string, mode: number = 0o644) {
  return { src, dst, file_info: { mode } };
}
