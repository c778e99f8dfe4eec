import { spawn } from 'node:child_process';
import { issueAuthority } from '../testcluster/issue/issue.ts';
import {
  connectionBehaviours,
  payloadBehaviours,
} from '../test/collect/support/hostile-behaviours.ts';
import { startServer, startTlsServer, type TestServer } from '../test/collect/support/servers.ts';
import { againstBudget, environment, showRow, tellUsage, type Usage, usageIn } from './measure.ts';

const timeoutSeconds = 2;
const atOnce = 4;

interface Measured extends Usage {
  readonly name: string;
  /** From its start to its end. */
  readonly wall: number;
  readonly code: number | null;
}

interface Behaviour {
  readonly name: string;
  readonly start: () => Promise<TestServer>;
}

/** `verify` on one hostile server at a time: how long, how much CPU time and memory at worst? */
export async function benchHostileServers(): Promise<void> {
  process.stdout.write(`\nverify on hostile servers, --timeout ${timeoutSeconds}s\n`);
  const waiting = await behaviours();
  const count = waiting.length;
  const measured: Measured[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      measured.push(await measure(next));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const broken = measured.filter(({ code }) => code !== 1 && code !== 3);
  process.stdout.write(`  ${count} behaviours, ${broken.length} of them without a verdict\n`);
  for (const { name, code } of broken) process.stdout.write(`    ${name}: exit code ${code}\n`);
  const worst = (of: (each: Measured) => number) =>
    measured.reduce((left, right) => (of(right) > of(left) ? right : left));
  const slowest = worst(({ wall }) => wall);
  const costliest = worst(({ seconds }) => seconds);
  const largest = worst(({ megabytes }) => megabytes);
  showRow(
    'longest',
    slowest.wall * 1000,
    `${againstBudget(slowest.wall, ' s', { atMost: 3 * timeoutSeconds })}: ${slowest.name}`,
  );
  showRow(
    'most CPU time',
    costliest.seconds * 1000,
    `${againstBudget(costliest.seconds, ' s', { atMost: 2 })}: ${costliest.name}`,
  );
  showRow(
    'most memory',
    largest.wall * 1000,
    `${againstBudget(largest.megabytes, ' MB', { atMost: 250 })}: ${largest.name}`,
  );
}

async function behaviours(): Promise<Behaviour[]> {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const issued = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
  const { certificatePem: cert, privateKeyPem: key } = issued;
  const options = { cert, key, ALPNProtocols: ['h2', 'http/1.1'] };
  return [
    ...payloadBehaviours.map(({ what, how, payload, answer }) => ({
      name: `${what} ${how}`,
      start: () => startServer((socket) => void answer(socket, payload)),
    })),
    ...Object.entries(connectionBehaviours).flatMap(([name, behave]) => [
      { name: `${name}, in plain text`, start: () => startServer(behave) },
      { name: `${name}, behind TLS`, start: () => startTlsServer(options, 'client', behave) },
    ]),
  ];
}

async function measure({ name, start }: Behaviour): Promise<Measured> {
  await using server = await start();
  const begin = performance.now();
  const args = ['verify', '--endpoints', server.endpoint.url, `--timeout=${timeoutSeconds}s`];
  const child = spawn('node', [...tellUsage, 'dist/cli/main.js', ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((settle) => child.once('close', settle));
  return { name, wall: (performance.now() - begin) / 1000, code, ...usageIn(stderr) };
}
