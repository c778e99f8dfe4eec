import { vi } from 'vitest';
import { readLines } from '../../../src/cli/read-lines.ts';
import { tell } from '../../../src/cli/standard-error.ts';
import { deploymentOf } from '../../../src/deployment/deployment.ts';
import { discovered } from '../../../src/deployment/discovered.ts';
import { endpointAt } from '../../../src/deployment/endpoints.ts';
import { logExplainer } from '../../../src/diagnoses/explain-log.ts';
import { parseLogLine } from '../../../src/diagnoses/log-line.ts';
import { toPem } from '../../../testcluster/issue/der.ts';
import { describeFile } from '../../../src/pki/describe-file.ts';
import { incidentText } from '../../../src/report/explanation.ts';
import type { FileFact } from '../../../src/model/files.ts';
import { printable } from '../../../src/report/escape.ts';
import { sarif } from '../../../src/report/sarif.ts';
import { plainPaint } from '../../../src/report/style.ts';
import { collect } from '../../../src/collect/collect.ts';
import { judge } from '../../../src/audit.ts';
import { noQuorum } from '../../../src/checks/cluster/no-quorum.ts';
import { verdicts } from '../../support/verdicts.ts';
import { dialled, listed, member, memberList } from '../../fixtures/builders.ts';
import { everyVerdict } from '../../report/every-verdict.ts';
import { directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';
import { type Limit, many } from './limit.ts';

const cut = 'cut, with its length';

/** A log of clients that reject the certificate, each at an address of its own. */
const clients = (count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      `{"level":"warn","caller":"embed/config_logging.go:123","msg":"rejected connection on client endpoint","remote-addr":"10.0.${index >> 8}.${index & 255}:4444","server-name":"","error":"remote error: tls: bad certificate"}`,
  );

function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const length = Buffer.from(hex(BigInt(content.length)), 'hex');
  const header = content.length < 0x80 ? [tag] : [tag, 0x80 + length.length];
  return Buffer.concat([Buffer.from(header), length, content]);
}

function hex(number: bigint): string {
  const digits = number.toString(16);
  return digits.length % 2 === 1 ? `0${digits}` : digits;
}

function integer(number: bigint): Uint8Array {
  const digits = hex(number);
  return der(2, Buffer.from(/^[89a-f]/.test(digits) ? `00${digits}` : digits, 'hex'));
}

/** A key that fulfils what Go computes of it, with a modulus of so many bits. */
function rsaKey(bits: number): Uint8Array {
  const less = 2n ** BigInt(bits / 2);
  const exponents = [3n, (2n * less + 1n) / 3n];
  const prime = less + 1n;
  const numbers = [0n, prime * prime, ...exponents, prime, prime];
  return der(0x30, ...numbers.map(integer));
}

async function guessesOn(files: Readonly<Record<string, string>>): Promise<string> {
  await using set = await directoryWith(files);
  const { facts } = judge(await collect({ paths: [set.path], maps: [] }));
  return JSON.stringify(facts.guesses);
}

export const ofJudgement: readonly Limit[] = [
  {
    of: 'endpoints of each kind that --discover adds',
    file: 'deployment/discovered.ts',
    constant: 'limit',
    why: 'a hostile member list names any number',
    beyond: 'counted, and the result is INCOMPLETE',
    read() {
      const urls = Array.from({ length: 100 }, (_, index) => `https://10.0.1.${index}:2379`);
      const lists = [memberList({ members: [listed('m2', { peerUrls: [], clientUrls: urls })] })];
      const known = [dialled({ host: '10.0.0.1' })];
      return Promise.resolve(JSON.stringify(discovered(lists, known, endpointAt([], lists))));
    },
    says: /100 endpoints in the member list, of which 36 were left out/,
  },
  {
    of: 'members that are assumed from the names of their certificates',
    file: 'deployment/roles/plan-siblings.ts',
    constant: 'mostSupposedMembers',
    why: 'etcd advises seven',
    beyond: 'said among the guesses',
    async read() {
      const ca = await issueAuthority({ commonName: 'ca' });
      const files: Record<string, string> = { 'ca.crt': ca.certificatePem };
      for (let index = 1; index <= 34; index += 1) {
        const leaf = await ca.issue({ commonName: `node${index}`, hosts: [`10.0.0.${index}`] });
        files[`node${index}.crt`] = leaf.certificatePem;
        files[`node${index}.key`] = leaf.privateKeyPem;
      }
      const flags = 'cert-file=node1.crt --key-file=node1.key --trusted-ca-file=ca.crt';
      files['node1.service'] =
        `[Service]\nExecStart=/usr/bin/etcd --name node1 --${flags} --client-cert-auth --listen-client-urls=https://10.0.0.1:2379 --advertise-client-urls=https://10.0.0.1:2379\n`;
      return await guessesOn(files);
    },
    says: /33 server certificates that no settings name.*none of them is assumed/,
  },
  {
    of: 'members that are judged together',
    file: 'deployment/roles/read-roles.ts',
    constant: 'mostMembers',
    why: 'each connects to each other one; 300 were tried',
    beyond: 'counted and not judged, and the result is not PASS',
    async read() {
      const services = many(401, (index) => {
        const url = `https://10.0.${index >> 8}.${index & 255}`;
        return `  m${index}:\n    image: quay.io/coreos/etcd:v3.5.30\n    command: etcd --name=m${index} --listen-peer-urls=${url}:2380 --listen-client-urls=${url}:2379 --advertise-client-urls=${url}:2379\n`;
      });
      await using set = await directoryWith({ 'compose.yaml': `services:\n${services}` });
      return deploymentOf(await collect({ paths: [set.path], maps: [] })).gaps.members ?? '';
    },
    says: /401 members are described, and at most 400 are judged together/,
  },
  {
    of: 'members whose quorum is derived',
    file: 'deployment/quorums.ts',
    constant: 'mostMembers',
    why: 'etcd advises seven at most: a set with more of them holds several clusters',
    beyond: 'an open question says why, and the result is not PASS',
    read() {
      const members = Array.from({ length: 26 }, (_, index) => member({ name: `node${index}` }));
      return Promise.resolve(JSON.stringify(verdicts(noQuorum, { members, forecast: [] })));
    },
    says: /26 members were given as one cluster/,
  },
  {
    of: 'clients that are assumed from certificates',
    file: 'deployment/roles/guess-roles.ts',
    constant: 'mostSupposedClients',
    why: 'a thousand clients of one cluster are unlikely',
    beyond: 'counted among the guesses',
    async read() {
      const ca = await issueAuthority({ commonName: 'ca' });
      const leaf = await ca.issue({ commonName: 'c', usages: ['clientAuth'] });
      await using set = await directoryWith({
        'ca.crt': ca.certificatePem,
        'c.crt': leaf.certificatePem,
      });
      const evidence = await collect({ paths: [set.path], maps: [] });
      const files = (evidence.facts.files ?? []).flatMap((file) =>
        file.path === set.at('c.crt')
          ? Array.from({ length: 1001 }, (_, index) => anotherOf(file, index))
          : [file],
      );
      const { facts } = judge({ ...evidence, facts: { ...evidence.facts, files } });
      return JSON.stringify(facts.guesses);
    },
    says: /only the first 1000 are assumed/,
  },
  {
    of: 'a number of an RSA key',
    file: 'pki/private-key.ts',
    constant: 'mostBits',
    why: 'four times the longest modulus that OpenSSL takes; arithmetic takes the square',
    beyond: 'the file counts as one that could not be read, and the result is not PASS',
    read: () => {
      const text = toPem('RSA PRIVATE KEY', rsaKey(66_000));
      return Promise.resolve(
        JSON.stringify(describeFile({ path: 'large.key', bytes: Buffer.from(text) })),
      );
    },
    says: /"unreadable":\{"kind":"too-large","text":"a number of an RSA key is longer than 65536 bits"\}/,
  },
  {
    of: 'findings in a report as SARIF',
    file: 'report/sarif.ts',
    constant: 'mostResults',
    why: 'GitHub rejects a file with more',
    beyond: 'counted in a notification of the file',
    read() {
      const [first] = everyVerdict.results.filter(({ verdict }) => verdict.status === 'fail');
      const results = Array.from({ length: 25_010 }, () => first).filter(
        (one) => one !== undefined,
      );
      return Promise.resolve(sarif({ ...everyVerdict, results }));
    },
    says: /10 findings left out: GitHub rejects a file with more than 25000/,
  },
  {
    of: 'the head of a line without end in a log',
    unit: 'characters',
    file: 'cli/read-lines.ts',
    constant: 'kept.head',
    why: 'the reason stands at the beginning or at the end',
    beyond: 'cut in the middle with ` … `',
    read: longLine,
    says: /a … a/,
  },
  {
    of: 'the tail of a line without end in a log',
    unit: 'characters',
    file: 'cli/read-lines.ts',
    constant: 'kept.tail',
    why: 'the reason stands at the beginning or at the end',
    beyond: 'cut in the middle with ` … `',
    read: longLine,
    says: /a … a/,
  },
  ...(['longest.head', 'longest.tail'] as const).map((constant): Limit => ({
    of: `the ${constant.slice(8)} of a line of a log, as far as it is taken apart`,
    unit: 'characters',
    file: 'diagnoses/layouts.ts',
    constant,
    why: 'the reason stands at the beginning or at the end',
    beyond: 'cut in the middle with ` … `',
    read: () => Promise.resolve(parseLogLine('a'.repeat(9000)).text),
    says: /a … a/,
  })),
  {
    of: 'rows of a line that a screen or a mail program wrapped',
    file: 'diagnoses/joined-lines.ts',
    constant: 'most.rows',
    why: 'lines of etcd are shorter',
    beyond: 'not joined: read row by row',
    read: () => wrapped(250, 30),
    says: /^\d\d+ lines/,
  },
  {
    of: 'a line that a screen or a mail program wrapped',
    unit: 'characters',
    file: 'diagnoses/joined-lines.ts',
    constant: 'most.characters',
    why: 'lines of etcd are shorter',
    beyond: 'not joined: read row by row',
    read: () => wrapped(150, 100),
    says: /^\d\d+ lines/,
  },
  {
    of: 'kinds of lines of a log',
    file: 'diagnoses/explain-log.ts',
    constant: 'mostKinds',
    why: 'attackers choose names',
    beyond: 'counted with the kind of the same cause',
    read() {
      const log = logExplainer();
      const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
      const names = letters.flatMap((one) => letters.map((other) => `${one}${other}`));
      const kinds = names.filter((name) => log.add(`open /etc/${name}.pem: permission denied`));
      return Promise.resolve(`${kinds.length} kinds`);
    },
    says: /^40[01] kinds$/,
  },
  {
    of: 'addresses of a kind of lines of a log',
    file: 'diagnoses/explain-log.ts',
    constant: 'mostNames',
    why: 'a scan comes from everywhere',
    beyond: 'said as `at least`',
    read() {
      const log = logExplainer();
      for (const line of clients(1500)) log.add(line);
      const text = incidentText(log.incident(), { width: 1000, paint: plainPaint });
      return Promise.resolve(text);
    },
    says: /and at least 995 more/,
  },
  {
    of: 'one text on standard error',
    unit: 'characters',
    file: 'cli/standard-error.ts',
    constant: 'mostCharacters',
    why: 'longer than any trace',
    beyond: cut,
    read() {
      const told: string[] = [];
      const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        told.push(String(text));
        return true;
      });
      try {
        tell('é '.repeat(15_000));
      } finally {
        spy.mockRestore();
      }
      return Promise.resolve(told.join(''));
    },
    says: /… \(30000 characters\)/,
  },
  {
    of: 'one text in a report',
    unit: 'characters',
    file: 'report/escape.ts',
    constant: 'longest',
    why: 'names of 10 kB exist in hostile certificates',
    beyond: cut,
    read: () => Promise.resolve(printable('a'.repeat(5000))),
    says: /… \(5000 characters\)/,
  },
];

/** The same certificate as if it were another one. */
function anotherOf(file: FileFact, index: number): FileFact {
  const sha256 = String(index).padStart(64, '0');
  const blocks = file.blocks.map((block) =>
    block.kind === 'certificate'
      ? { ...block, certificate: { ...block.certificate, sha256 } }
      : block,
  );
  return { ...file, path: `c${index}.crt`, blocks };
}

async function longLine(): Promise<string> {
  await using set = await directoryWith({ log: 'a'.repeat(100_000) });
  const lines: string[] = [];
  for await (const batch of readLines(set.at('log'))) lines.push(...batch);
  return lines.join('\n');
}

/** One object in so many rows of this width. */
function wrapped(rows: number, width: number): Promise<string> {
  const log = logExplainer();
  log.add(`{"msg":"${'a'.repeat(72)}`);
  for (let row = 0; row < rows; row += 1) log.add('a'.repeat(width));
  log.add('"}');
  return Promise.resolve(`${log.incident().linesRead} lines`);
}
