/**
 * `npm run record-evidence` looks at three members of real etcd with the built program and writes what was seen, which
 * holds no keys: builds of the executable judge it, so that what judges a running cluster is compiled in.
 */
import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startCluster } from '../../testcluster/cluster.ts';

await using cluster = await startCluster({ runtime: 'native', ports: 'free' });
const program = resolve('dist', 'cli', 'main.js');
const file = resolve(import.meta.dirname, 'evidence.json');
const directory = dirname(cluster.set);
const certificates = relative(directory, cluster.certificates);
const args = ['verify', relative(directory, cluster.set), '--save-evidence', file, '--quiet'];
const map = `/etc/ssl/certs/etcd=${certificates}`;
await promisify(execFile)(process.execPath, [program, ...args, '--map', map], { cwd: directory });

/** Where etcd is differs with the machine. */
const text = await readFile(file, 'utf8');
await writeFile(file, text.replaceAll(resolve('.cache', 'etcd'), '/opt/etcd'));
await chmod(file, 0o644);
