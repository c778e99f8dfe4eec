import { execFile } from 'node:child_process';
import { createServer as createTlsServer } from 'node:tls';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';
import { startServer } from '../support/servers.ts';

const build = process.env['ETCD_TLS_AUDIT_BUILD'] ?? '';

const versionPage = '{"etcdserver":"3.5.30","etcdcluster":"3.5.0"}';

test.each([0, 1, 3, 6, 7, 20])(
  'a process ends when `audit` is done with a server that answers %i connections and accepts the others in silence',
  async (answered) => {
    const ca = await issueAuthority({ commonName: 'etcd-ca' });
    const server = await ca.issue({ commonName: 'etcd', hosts: ['127.0.0.1'] });
    const client = await ca.issue({ commonName: 'client', usages: ['clientAuth'] });
    const tls = createTlsServer({
      cert: server.certificatePem,
      key: server.privateKeyPem,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    tls
      .on('tlsClientError', () => undefined)
      .on('secureConnection', (socket) => {
        const head = `HTTP/1.1 200 OK\r\nContent-Length: ${versionPage.length}\r\n\r\n`;
        socket.on('error', () => undefined);
        socket.once('data', (bytes: Buffer) => {
          if (bytes.toString().startsWith('GET /version')) socket.end(`${head}${versionPage}`);
        });
      });
    let connections = 0;
    await using silent = await startServer((socket) => {
      connections += 1;
      if (connections <= answered) tls.emit('connection', socket);
      else socket.resume();
    });
    await using files = await directoryWith({
      'ca.pem': ca.certificatePem,
      'client.pem': client.certificatePem,
      'client-key.pem': client.privateKeyPem,
    });
    const you = {
      endpoints: [silent.endpoint.url],
      trustedCaFile: files.at('ca.pem'),
      certificateFile: files.at('client.pem'),
      keyFile: files.at('client-key.pem'),
    };
    const live = { timeoutMs: 2000, concurrency: 16, negativeProbes: true, discover: false };
    const program = `
      import { audit } from ${JSON.stringify(join(build, 'index.js'))};
      const report = await audit(${JSON.stringify({ paths: [], maps: [], you, live })});
      console.log(report.verdict.status);
    `;

    // Rejects where the process had to be killed.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { timeout: 40_000, killSignal: 'SIGKILL' },
    );

    expect(stdout.trim()).toMatch(/^(?:fail|incomplete)$/);
  },
  60_000,
);
