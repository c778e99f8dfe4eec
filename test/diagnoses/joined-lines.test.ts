import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import type { Episode } from '../../src/diagnoses/incident.ts';
import { lineJoiner } from '../../src/diagnoses/joined-lines.ts';
import { knownIn } from '../../src/diagnoses/reading.ts';
import { logs } from '../docs/logs.ts';
import { broken, cut } from './wrap.ts';

const ways: Readonly<Record<string, (text: string, width: number) => string>> = {
  'as a terminal does': cut,
  'as a terminal does, copied without blanks': (text, width) =>
    cut(text, width).replaceAll(/ +$/gm, ''),
  'as a terminal does, quoted': (text, width) => cut(text, width, '> '),
  'as a terminal does, indented': (text, width) => cut(text, width, '    '),
  'as a terminal does, quoted later': (text, width) => cut(text, width).replaceAll(/^/gm, '> '),
  'as a mail program does': broken,
  'as a mail program does, quoted': (text, width) => broken(text, width, { first: '> ' }),
  'as a mail program does, indented': (text, width) => broken(text, width, { first: '  ' }),
  'with a hanging indent': (text, width) => broken(text, width, { rest: '    ' }),
};
const widths = [72, 80, 100, 120];

/** Texts of etcd 3.3 to 3.6 and their clients. */
const texts = {
  ...logs,
  capnslog:
    '2026-11-28 13:50:18.460070 I | embed: rejected connection from "10.0.0.9:50312" (error "tls: failed to verify client\'s certificate: x509: certificate has expired or is not yet valid", ServerName "etcd.lan")',
  journald:
    'Nov 28 13:50:18 node1 etcd[881]: {"level":"warn","ts":"2026-11-28T13:50:18.460Z","caller":"embed/config_logging.go:170","msg":"rejected connection","remote-addr":"10.0.0.9:50312","server-name":"","error":"tls: client didn\'t provide a certificate"}',
  alone:
    'x509: certificate is valid for 10.104.100.239, 127.0.0.1, node-one.example.lan, not 10.104.100.240',
  etcdctl:
    'Error: connection error: desc = "transport: authentication handshake failed: x509: certificate signed by unknown authority (possibly because of \\"x509: ECDSA verification failure\\" while trying to verify candidate authority certificate \\"etcd-ca\\")"',
  event:
    'Warning  Unhealthy          18m (x161 over 3h52m)   kubelet  Liveness probe failed: Get "https://10.0.224.119:2379/livez": remote error: tls: certificate required',
  grpc: 'WARNING: 2026/11/28 13:53:20 [core] grpc: addrConn.createTransport failed to connect to {10.0.0.1:2379 10.0.0.1:2379 <nil> 0 <nil>}. Err: connection error: desc = "transport: authentication handshake failed: x509: certificate specifies an incompatible key usage". Reconnecting...',
};

test.each(Object.entries(ways))(
  'a text wrapped %s has the cause, side and certainty of the whole, or none',
  (_, way) => {
    const changed = Object.entries(texts).flatMap(([name, text]) =>
      widths.flatMap((width) => {
        const [whole, wrapped] = [explained(text), explained(way(text, width))];
        return whole === wrapped || /^UNKNOWN|^nothing/.test(wrapped)
          ? []
          : `${name} at ${width}: ${whole}, wrapped ${wrapped}`;
      }),
    );

    expect(changed).toEqual([]);
  },
);

/** Public reports; not part of the repository. */
const found = '../shared/found/explain';
const isHere = existsSync(found);
if (!isHere) process.stderr.write(`${found} is not here: its texts are not wrapped\n`);

test.skipIf(!isHere).each(Object.entries(ways))(
  'no report that was wrapped %s states a cause that it did not state before',
  { timeout: 120_000 },
  (_, way) => {
    const reports = reportsFound();
    let same = 0;
    const wrong = reports.flatMap(({ id, log: text, accept }) =>
      [80, 120].flatMap((width) => {
        const wrapped = way(text, width);
        if (explained(text) === explained(wrapped)) same += 1;
        const known = [...causesIn(text, true), ...accept];
        const more = causesIn(wrapped, false).filter((cause) => !known.includes(cause));
        return more.map((cause) => `${id} at ${width}: ${cause}`);
      }),
    );

    expect(wrong).toEqual([]);
    expect(same / (reports.length * 2)).toBeGreaterThan(0.95);
  },
);

test('two lines of a log are never joined, whatever their widths', () => {
  const lines = [...Object.values(texts).flatMap((text) => text.split('\n')), ...apart].filter(
    (line) => line !== '',
  );
  const joined = lines.flatMap((first) =>
    [80, 100].flatMap((width) => {
      const whole = first.padEnd(width, '.').slice(0, width);
      return lines.flatMap((second) => {
        const result = joinedLines([whole, second]);
        return result.length === 2 ? [] : `${whole}\n${second}`;
      });
    }),
  );

  expect(joined).toEqual([]);
});

/** Lines without time stamps, as `journalctl -o cat` and programs print them. */
const apart = [
  'rejected connection from "10.0.0.9:50312" (error "EOF", ServerName "")',
  'health check for peer 681c415795beb90c could not connect: dial tcp 10.0.0.2:2380: i/o timeout',
  'remote error: tls: bad certificate',
  'Error: context deadline exceeded',
  'panic: runtime error: invalid memory address or nil pointer dereference',
  'goroutine 1 [running]:',
  'curl: (56) OpenSSL SSL_read: error:14094412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate, errno 0',
  'lost the TCP streaming connection with peer 681c415795beb90c (stream Message reader)',
  'etcd-1  | 2026-11-28 13:50:18.460070 I | embed: ready to serve client requests',
  'Killed',
];

test('files are texts of their own', () => {
  const joiner = lineJoiner(knownIn);
  const first = `2026-11-28 13:50:18.460070 I | rafthttp: ${'a'.repeat(39)}`;

  expect([...joiner.add(first), ...joiner.end(), ...joiner.add('bcd'), ...joiner.end()]).toEqual([
    first,
    'bcd',
  ]);
});

test('a secret that was cut in two is withheld from the joined line', () => {
  const secret = 'hunter2hunter2';
  const row = `2026-11-28 13:50:18.460070 I | embed: etcdctl --endpoints=a,b,c --user root:`;
  const [line] = joinedLines([row.padEnd(72, ' ').slice(0, 72) + '--passwo', `rd=${secret}`]);

  expect(line).not.toContain(secret);
});

function joinedLines(lines: readonly string[]): readonly string[] {
  const joiner = lineJoiner(knownIn);
  return [...lines.flatMap((line) => joiner.add(line)), ...joiner.end()];
}

function incidentIn(text: string) {
  const explainer = logExplainer();
  for (const line of text.split('\n')) explainer.add(line);
  return explainer.incident();
}

function explained(text: string): string {
  const { conclusion } = incidentIn(text);
  if (conclusion === undefined) return 'nothing';
  const { cause, refusedBy, confidence } = conclusion.explanation;
  return [cause, refusedBy ?? '-', confidence].join(' ');
}

function causesIn(text: string, withAll: boolean): readonly string[] {
  const { conclusion, also, consequences, harmless } = incidentIn(text);
  const stated = [conclusion, ...also].flatMap((episode) =>
    episode === undefined || episode.explanation.confidence === 'open' ? [] : [episode],
  );
  const all: readonly Episode[] = withAll
    ? [...stated, ...also, ...consequences, ...harmless]
    : stated;
  return all.map(({ explanation }) => explanation.cause);
}

const report = z.object({ id: z.string(), log: z.string(), accept: z.array(z.string()) });

function reportsFound() {
  return z.array(report).parse(JSON.parse(readFileSync(join(found, 'cases.json'), 'utf8')));
}
