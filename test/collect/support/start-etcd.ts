import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Authority,
  issueAuthority,
  type LeafOptions,
} from '../../../testcluster/issue/issue.ts';
import type { Endpoint } from '../../../src/model/live.ts';
import { etcdBinaries } from '../../../testcluster/etcd-binaries.ts';
import { reservePorts } from '../../../testcluster/ports.ts';

/** One real etcd that runs for one test, and the files that belong to it. */
export interface RunningEtcd extends AsyncDisposable {
  readonly directory: string;
  readonly client: Endpoint;
  readonly peer: Endpoint;
  readonly authority: Authority;
  /** PEM files: certificate and key share a name, `name.pem` and `name-key.pem`. */
  file(name: string): string;
  log(): string;
}

export interface EtcdOptions {
  /** Flags beside the certificates and addresses; `%` stands for the directory of the files. */
  readonly flags?: readonly string[];
  /** Whether clients must show a certificate. */
  readonly clientAuth?: boolean;
  /** Path of the program; the testbed's default release when absent. */
  readonly binary?: string;
  /** Plain http on the client port. */
  readonly plain?: boolean;
  /** What its certificate on the client port is to have; sound when absent. */
  readonly serverLeaf?: LeafOptions;
}

/** Starts a single member on loopback and waits until it serves. */
export async function startEtcd(options: EtcdOptions = {}): Promise<RunningEtcd> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-live-'));
  const authority = await writeFiles(directory, options.serverLeaf);
  const [clientPort, peerPort] = await reservePorts(2);
  const scheme = options.plain === true ? 'http' : 'https';
  const client = `${scheme}://127.0.0.1:${clientPort}`;
  const peer = `https://127.0.0.1:${peerPort}`;

  const etcd = spawn(
    options.binary ?? (await etcdBinaries()).etcd,
    flags(options, directory, client, peer),
    {
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let log = '';
  await new Promise<void>((resolve, reject) => {
    etcd.once('error', reject);
    etcd.once('exit', (code) => reject(new Error(`etcd ended with ${code}:\n${log}`)));
    etcd.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (/ready to serve client requests|serving client (requests|traffic)/.test(log)) resolve();
    });
  });

  return {
    directory,
    client: endpoint(client, 'client'),
    peer: endpoint(peer, 'peer'),
    authority,
    file: (name) => join(directory, `${name}.pem`),
    log: () => log,
    async [Symbol.asyncDispose]() {
      etcd.removeAllListeners('exit');
      const isRunning = etcd.exitCode === null && etcd.signalCode === null;
      const ended = isRunning ? once(etcd, 'exit') : undefined;
      etcd.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

/** An endpoint as collect would make it of a URL. */
export function endpoint(url: string, serves: Endpoint['serves'], member = 'm1'): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  const scheme = protocol === 'https:' ? 'https' : 'http';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { url, scheme, host, port: Number(port), serves, member };
}

async function writeFiles(directory: string, serverLeaf: LeafOptions = {}): Promise<Authority> {
  await mkdir(directory, { recursive: true });
  const authority = await issueAuthority({ commonName: 'etcd-ca', organization: 'lab' });
  const usages = ['serverAuth', 'clientAuth'] as const;
  const hosts = ['127.0.0.1', 'localhost'];
  const issued = {
    ca: authority,
    m1: await authority.issue({ commonName: 'm1', hosts, usages }),
    server: await authority.issue({ commonName: 'm1', hosts, usages, ...serverLeaf }),
    elsewhere: await authority.issue({ commonName: 'elsewhere', hosts: ['192.0.2.7'], usages }),
    client: await authority.issue({ commonName: 'client', usages: ['clientAuth'] }),
    foreign: await (
      await issueAuthority({ commonName: 'another CA' })
    ).issue({
      commonName: 'stranger',
      usages: ['clientAuth'],
    }),
  };
  for (const [name, { certificatePem, privateKeyPem }] of Object.entries(issued)) {
    await writeFile(join(directory, `${name}.pem`), certificatePem);
    await writeFile(join(directory, `${name}-key.pem`), privateKeyPem, { mode: 0o600 });
  }
  return authority;
}

function flags(
  { flags: extra = [], clientAuth = true, plain = false, serverLeaf }: EtcdOptions,
  directory: string,
  client: string,
  peer: string,
): readonly string[] {
  const at = (name: string): string => join(directory, `${name}.pem`);
  const own = serverLeaf === undefined ? 'm1' : 'server';
  return [
    '--name=m1',
    `--data-dir=${join(directory, 'data')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=m1=${peer}`,
    ...(plain ? [] : [`--cert-file=${at(own)}`, `--key-file=${at(`${own}-key`)}`]),
    ...(clientAuth && !plain ? [`--trusted-ca-file=${at('ca')}`, '--client-cert-auth'] : []),
    `--peer-cert-file=${at('m1')}`,
    `--peer-key-file=${at('m1-key')}`,
    `--peer-trusted-ca-file=${at('ca')}`,
    '--peer-client-cert-auth',
    '--heartbeat-interval=20',
    '--election-timeout=200',
    ...extra.map((flag) => flag.replaceAll('%', directory)),
  ];
}
