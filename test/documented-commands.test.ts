import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster } from '../testcluster/cluster.ts';
import { firstTen, withFault } from '../testcluster/faults/index.ts';
import { nodesOf } from '../testcluster/nodes.ts';
import { planOf } from '../testcluster/plan.ts';
import { writePlan } from '../testcluster/write-plan.ts';
import { runProgram } from './support/program.ts';
import { type Sets, writeSets } from './support/sets.ts';
import { skipWithout } from './support/skip-without.ts';

/** A command of the pages, and what they claim of it. */
interface Documented {
  /** As it stands there, without the comment behind it. */
  readonly command: string;
  readonly code: number;
  /** In what it prints, or in the file that it writes. */
  readonly says: RegExp;
  readonly writes?: string;
  /** What is piped into it. */
  readonly input?: () => Promise<string>;
}

const refusal =
  'rejected connection from "10.104.100.250:41000" (error "tls: client didn\'t provide a certificate", ServerName "")';

/** In this order, as some need what others have written. */
const documented: readonly Documented[] = [
  { command: 'check mended', code: 0, says: /^PASS/m },
  {
    command: 'check deploy/etcd --map /etc/ssl/certs/etcd=deploy/etcd/certs',
    code: 0,
    says: /^PASS/m,
  },
  { command: 'check missing-name', code: 1, says: /advertised-name-not-in-certificate/ },
  { command: 'check -', code: 0, says: /^PASS/m, input: secret },
  { command: 'check mended --at 2029-11-10', code: 1, says: /certificate-expired/ },
  { command: 'check set', code: 1, says: /^FAIL/m },
  { command: 'check seed --waivers waivers.yaml', code: 1, says: /Waived: 1/ },
  {
    command: 'check seed --report json=old.json',
    code: 1,
    says: /"status": ?"fail"/,
    writes: 'old.json',
  },
  { command: 'check seed --baseline old.json', code: 0, says: /In the baseline: \d+/ },
  { command: 'check mended --report json=new.json', code: 0, says: /"pass"/, writes: 'new.json' },
  { command: 'diff old.json new.json', code: 0, says: /client-port-admits-anonymous/ },
  {
    command: 'check seed --replace mended --order node3,node2,node1',
    code: 1,
    says: /quorum/,
  },
  {
    command: 'check certs --report text --report sarif=audit.sarif --report html=audit.html',
    code: 0,
    says: /<html/,
    writes: 'audit.html',
  },
  {
    command:
      'check ./certs ./10-etcd-member.conf ./kube-apiserver.yaml --report text --report sarif=audit.sarif',
    code: 3,
    says: /"version": ?"2\.1\.0"/,
    writes: 'audit.sarif',
  },
  {
    command: 'init certs/ settings/',
    code: 0,
    says: /guessed/,
    writes: 'etcd-tls.yaml',
  },
  {
    command: 'check certs/ settings/ --inventory etcd-tls.yaml',
    code: 0,
    says: /^PASS/m,
  },
  { command: 'init set', code: 0, says: /members:/, writes: 'etcd-tls.yaml' },
  { command: 'init deploy/etcd', code: 0, says: /members:/, writes: 'etcd-tls.yaml' },
  { command: 'collect /etc/etcd', code: 0, says: /"collectedAt"/ },
  {
    command: 'check --evidence node1.json --evidence node2.json --evidence node3.json',
    code: 0,
    says: /3 members/,
  },
  {
    command: 'check node1=backup/node1 node2=backup/node2 --evidence node3.json ./clients',
    code: 0,
    says: /3 members/,
  },
  { command: 'explain -', code: 1, says: /Cause: /, input: async () => refusal },
  { command: 'explain - --set set', code: 1, says: /Cause: /, input: async () => refusal },
  { command: 'explain etcd-node1.log etcd-node2.log', code: 1, says: /Cause: / },
  {
    command: "explain 'x509: certificate is valid for 10.0.0.1, not 10.0.0.2'",
    code: 1,
    says: /\[SAN\]/,
  },
  {
    command:
      "explain 'x509: certificate is valid for 10.104.100.236, 37.58.99.228, not 192.168.56.102' --set seed",
    code: 1,
    says: /\[SAN\]/,
  },
  { command: 'explain one.log --report json', code: 1, says: /"cause"/ },
  {
    command: 'render report.json --report html=audit.html',
    code: 0,
    says: /<html/,
    writes: 'audit.html',
  },
  { command: 'checks advertised-name-not-in-certificate', code: 0, says: /advertised-name/ },
  { command: 'completion bash', code: 0, says: /complete/ },
];

/** What the mended set's running cluster says. */
const documentedLive: readonly Documented[] = [
  { command: 'verify set', code: 0, says: /^PASS/m },
  {
    command:
      'verify set --endpoints https://127.0.0.1:2379,https://127.0.0.2:2379,https://127.0.0.3:2379',
    code: 0,
    says: /^PASS/m,
  },
  {
    command:
      'verify ./certs --endpoints https://10.0.0.1:2379,https://10.0.0.2:2379,https://10.0.0.3:2379',
    code: 0,
    says: /^PASS/m,
  },
  {
    command: 'verify --endpoints https://127.0.0.1:2379 --cacert ca_cert.pem',
    code: 1,
    says: /^FAIL/m,
  },
  {
    command:
      'verify --endpoints https://127.0.0.1:2379 --cacert ca_cert.pem --cert client_cert.pem --key client_key_insecure.pem',
    code: 0,
    says: /^PASS/m,
  },
  {
    command: 'verify set --save-evidence live.evidence.json',
    code: 0,
    says: /collectedAt/,
    writes: 'live.evidence.json',
  },
  { command: 'check --evidence live.evidence.json', code: 0, says: /^PASS/m },
];

const made: { sets?: Sets } = {};

function at(...parts: readonly string[]): string {
  return join(made.sets?.root ?? '', ...parts);
}

beforeAll(async () => {
  made.sets = await writeSets();
  const nodes = nodesOf('netns');
  const sound = planOf({ runtime: 'netns', settings: 'mended', keys: 'ecdsa', nodes });
  const [fault] = firstTen.filter(({ name }) => name === 'missing-name');
  await writePlan(fault === undefined ? sound : withFault(sound, fault), at('missing-name'));
  await cp(at('seed'), at('set'), { recursive: true });
  await cp(at('mended'), at('deploy', 'etcd'), { recursive: true });
  await cp(at('mended', 'certs'), at('certs'), { recursive: true });
  await mkdir(at('settings'));
  for (const name of await readdir(at('mended'))) {
    if (name !== 'certs') await cp(at('mended', name), at('settings', name), { recursive: true });
  }
  await cp(at('mended', 'node1', '10-etcd-member.conf'), at('10-etcd-member.conf'));
  await cp(at('mended', 'kube-apiserver.yaml'), at('kube-apiserver.yaml'));
  await writeHosts();
  await writeFile(at('waivers.yaml'), waivers);
  await runProgram(['check', 'mended', '--report', 'json=report.json'], { cwd: at() });
  for (const name of ['etcd-node1.log', 'etcd-node2.log', 'one.log']) {
    await writeFile(at(name), `${refusal}\n`);
  }
});

/** The waivers of docs/check.md, whose second one has expired. */
const waivers = `- check: peer-port-admits-client
  target: https://10.104.100.236:2380
  reason: the peer CA is split in January
  owner: platform team
  expires: 2099-01-31
- check: weak-rsa-key
  target: '*'
  reason: reissued in October
  owner: platform team
  expires: 2020-10-31
`;

/** What `kubectl get secret -o json` prints of the mended set's certificates. */
async function secret(): Promise<string> {
  const names = (await readdir(at('mended', 'certs'))).filter((name) => name.endsWith('.pem'));
  const data = await Promise.all(
    names.map(async (name): Promise<[string, string]> => [
      name,
      await readFile(at('mended', 'certs', name), 'base64'),
    ]),
  );
  const metadata = { name: 'etcd-certs', namespace: 'etcd' };
  const item = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data: Object.fromEntries<string>(data),
  };
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item] });
}

/** What lies on each host, and what `collect` printed there. */
async function writeHosts(): Promise<void> {
  for (const host of ['node1', 'node2', 'node3']) {
    const own = `node_${host.slice(-1)}_`;
    const isThere = (name: string) => name.startsWith(own) || /^(?:ca|peer_ca)_/.test(name);
    await cp(at('mended', host), at('backup', host), { recursive: true });
    for (const name of (await readdir(at('mended', 'certs'))).filter(isThere)) {
      await cp(at('mended', 'certs', name), at('backup', host, name));
    }
    const { stdout } = await runProgram(['collect', `backup/${host}`, '--host', host], {
      cwd: at(),
    });
    await writeFile(at(`${host}.json`), stdout);
  }
  await mkdir(at('clients'));
  for (const name of ['ca_cert.pem', 'client_cert.pem', 'client_key_insecure.pem']) {
    await cp(at('mended', 'certs', name), at('clients', name));
  }
  await cp(at('mended', 'etcd-env.sh'), at('clients', 'etcd-env.sh'));
}

afterAll(async () => {
  await made.sets?.[Symbol.asyncDispose]();
});

/** What the pages tell to run. Programs before it in a pipe, and what a shell does with its output, are not ours. */
async function commandsOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8');
  const fences = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = '']) => code);
  const prose = text.replaceAll(/^```\w+\n.*?^```$/gms, '');
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' '),
  );
  return [...fences, ...inline]
    .flatMap((code) => code.split('\n'))
    .map((line) => /(?:^|\| |\$host )etcd-tls-audit ([a-z].*)$/.exec(line.trim())?.[1] ?? '')
    .map((command) => command.replace(/\s+#.*$/, '').replace(/ > .*$/, ''))
    .filter((command) => command.includes(' '));
}

test('every documented command is run here, or on a cluster, with what it claims', async () => {
  const pages = ['README.md', ...(await readdir('docs')).map((name) => join('docs', name))];
  const written = pages.filter((path) => path.endsWith('.md') && !path.includes('fidelity'));
  const all = (await Promise.all(written.map(commandsOf))).flat();
  const run = [...documented, ...documentedLive].map(({ command }) => command);

  expect([...new Set(all)].toSorted()).toEqual(run.toSorted());
});

/** One after another: some read what others have written. */
test('documented commands that need no cluster do what the pages say', async () => {
  for (const { command, ...claim } of documented) {
    // What is on the host of the page is in a directory here.
    const here = command.replace('/etc/etcd', at('backup', 'node1'));
    // `init` overwrites no inventory.
    if (command.startsWith('init ')) await rm(at('etcd-tls.yaml'), { force: true });
    const { text, code } = await runAsDocumented({ command: here, ...claim }, at());

    expect(text, `${command} prints`).toMatch(claim.says);
    expect(code, `${command}\n${text}`).toBe(claim.code);
  }
}, 300_000);

describe('on a running cluster', () => {
  skipWithout('etcd', 'ps');

  test('documented commands do what the pages say', async () => {
    await using cluster = await startCluster({
      runtime: 'native',
      ports: 'free',
      settings: 'mended',
    });
    const root = at('live');
    await cp(cluster.set, join(root, 'set'), { recursive: true });
    await cp(cluster.certificates, root, { recursive: true });
    await cp(cluster.certificates, join(root, 'certs'), { recursive: true });
    const here = (command: string) =>
      cluster.members.reduce(
        (text, { clientUrl }, index) =>
          text.replaceAll(
            new RegExp(`https://(?:127\\.0\\.0|10\\.0\\.0)\\.${index + 1}:2379`, 'g'),
            clientUrl,
          ),
        command,
      );
    for (const each of documentedLive) {
      const { text, code } = await runAsDocumented({ ...each, command: here(each.command) }, root);

      expect(text, `${each.command} prints`).toMatch(each.says);
      expect(code, `${each.command}\n${text}`).toBe(each.code);
    }
  }, 300_000);
});

/** What it prints, or writes into the file of which the page speaks. */
async function runAsDocumented(
  { command, writes, input }: Documented,
  cwd: string,
): Promise<{ readonly text: string; readonly code: number | null }> {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, word]) => quoted ?? word ?? '',
  );
  const { stdout, stderr, code } = await runProgram(words, {
    cwd,
    ...(input !== undefined && { input: await input() }),
  });
  const text = writes === undefined ? stdout : await readFile(join(cwd, writes), 'utf8');
  return { text: text === '' ? stderr : text, code };
}
