import { join } from 'node:path';
import type { Cluster, ClusterMember } from '../types.ts';

/**
 * What Go's HTTP/2 server says before it hangs up: the error of its GOAWAY frame (RFC 9113, 6.8 and 7). etcd logs
 * nothing of it, and Go's client mostly finds the connection closed before it reads the frame.
 */
export async function farewell(
  cluster: Cluster,
  member: ClusterMember | undefined,
  url: string,
): Promise<readonly string[]> {
  if (member === undefined) return [];
  const stem = join(cluster.certificates, `node_${member.node.number}`);
  const { stdout } = await cluster.run(
    process.execPath,
    ['--eval', program, url, `${stem}_cert.pem`, `${stem}_key_insecure.pem`],
    { timeoutMilliseconds: 8000, inside: member.name },
  );
  return stdout.split('\n').filter((line) => line !== '');
}

const program = `
  const [url, cert, key] = process.argv.slice(1);
  const { readFileSync } = require('node:fs');
  const { hostname, port } = new URL(url);
  const socket = require('node:tls').connect({
    host: hostname,
    port,
    cert: readFileSync(cert),
    key: readFileSync(key),
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
  });
  const emptySettings = Buffer.from('000000040000000000', 'hex');
  socket.once('secureConnect', () => {
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'), emptySettings]));
  });
  let bytes = Buffer.alloc(0);
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
      const end = 9 + bytes.readUIntBE(0, 3);
      if (bytes[3] === 7) tell(bytes.subarray(9, end));
      bytes = bytes.subarray(end);
    }
  });
  function tell(frame) {
    const code = frame.readUInt32BE(4);
    const name = code === 12 ? 'INADEQUATE_SECURITY' : 'error ' + code;
    console.log('GOAWAY ' + name + ': ' + frame.subarray(8).toString());
  }
  socket.on('error', () => socket.destroy());
  setTimeout(() => socket.destroy(), 1500);
`;
