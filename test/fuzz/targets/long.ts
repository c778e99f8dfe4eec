import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { judge } from '../../../src/audit.ts';
import { collect } from '../../../src/collect/collect.ts';
import { readMetrics } from '../../../src/collect/probes/page-metrics.ts';
import { readMemberListResponse } from '../../../src/collect/rpc/messages.ts';
import { createHttpAnswerReader } from '../../../src/collect/wire/http-answer.ts';
import { logExplainer } from '../../../src/diagnoses/explain-log.ts';
import { InputError } from '../../../src/input-error.ts';
import { toPem } from '../../../testcluster/issue/der.ts';
import { publicText } from '../../../src/model/public-text.ts';
import { incidentText } from '../../../src/report/explanation.ts';
import { plainPaint } from '../../../src/report/style.ts';
import { bytesField } from '../../collect/support/protobuf.ts';
import { logs } from '../../docs/logs.ts';
import { Random } from '../../oracle/random.ts';
import { type Directory, directoryWith } from '../../support/directory.ts';
import { fromPem, issueAuthority } from '../../support/pki.ts';
import { checkReport, checkText } from '../check-report.ts';
import { stretchDer } from '../mutate-der.ts';
import { secretPieces, wholeSecrets } from '../secrets.ts';
import { settingsSamples } from '../settings-samples.ts';
import { type FuzzTarget, tried } from '../target.ts';
import { isViolation } from '../violation.ts';
import { flightOfServer, readFlight } from './wire.ts';

const mostCharacters = 100_000;

/** An input of about so many characters, and what reads it. */
interface Kind {
  readonly make: (length: number) => string;
  readonly read: (text: string) => Promise<void> | void;
}

/** One piece of a sound input, 100 kB of it: what grows faster than the input shows itself. */
export const long: FuzzTarget = {
  name: 'long',
  mostMilliseconds: 20_000,
  inputs: 24,
  async prepare() {
    const set = await directoryWith({});
    const authority = await issueAuthority({ commonName: 'ca' });
    const { certificatePem } = await authority.issue({
      commonName: 'a',
      hosts: ['a.b', '10.0.0.1'],
    });
    const certificate = fromPem(certificatePem);
    const files = [...settingsSamples, ['ca.pem', certificatePem] as const];
    const flight = flightOfServer(Buffer.from(certificate)).toString('latin1');
    const list = bytesField(2, Buffer.concat([bytesField(2, 'a'), bytesField(3, 'b')]));
    return (random) => {
      const [name, sample] = random.pick(files);
      const asFile = {
        make: stretched(sample, random),
        read: fileReader(set, name, random.below(1000)),
      };
      const kinds: readonly (() => Kind)[] = [
        () => asFile,
        () => asFile,
        () => asFile,
        () => ({ make: stretched(random.pick(Object.values(logs)), random), read: explain }),
        () => ({ make: stretched(metrics, random), read: readAnswer }),
        () => ({ make: stretched(flight, random), read: (text) => readFlight(bytesOf(text)) }),
        () => ({
          make: stretched(list.toString('latin1').repeat(3), random),
          read: (text) => void readMemberListResponse(bytesOf(text)),
        }),
        () => ({
          make: stretchDer(certificate, random, (der) => toPem('CERTIFICATE', der)),
          read: fileReader(set, 'server.crt', random.below(1000)),
        }),
      ];
      return tryLengths(random.pick(kinds)());
    };
  },
};

/** What is too little to be told from noise. */
const leastMilliseconds = 400;

/** Four times the length takes four times as long; sixteen times is the square. */
const mostGrowth = 9;

/** Reads the input at its whole length and at a quarter of it. */
export async function tryLengths({ make, read }: Kind): Promise<number> {
  const text = make(mostCharacters);
  const took = { whole: 0 };
  const length = await tried(text, async () => {
    const readWhole = () => cpuMilliseconds(() => tried(text, () => read(text), isRefusal));
    took.whole = await readWhole();
    if (took.whole < leastMilliseconds) return;
    const part = make(mostCharacters / 4);
    const quarter = await cpuMilliseconds(() => tried(part, () => read(part), isRefusal));
    const most = mostGrowth * Math.max(quarter, leastMilliseconds / mostGrowth);
    // Code that runs for the first time takes longer.
    if (took.whole > most) took.whole = await readWhole();
    if (took.whole > most)
      throw new Error(`${part.length} characters: ${quarter} ms, ${text.length}: ${took.whole} ms`);
  });
  return length;
}

function isRefusal(error: unknown): boolean {
  return error instanceof InputError || isViolation(error);
}

async function cpuMilliseconds(run: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return Math.round((user + system) / 1000);
}

const metrics =
  'HTTP/1.1 200 OK\r\nServer: x\r\n\r\ngo_info{version="go1.23.8"} 1\netcd_network_active_peers{Local="a",Remote="b"} 1\n';

/** What patterns have in front of, between and behind what they look for. */
const fillers = [
  ...' \t\r0aAes./:@#"\'\\$,;=-_[]{}()<>*?|&%+~^`!\u2028'.split(''),
  '\\"',
  '$(',
  '${',
  '{{',
  '/*',
  '""',
  '= ',
  ': ',
  '- ',
  ' #',
  '-----',
  '-----BEGIN ',
  '://',
  'a@',
  '1.',
  '1s',
  'a=',
  '<<',
  '\n\n',
  '\n ',
  '\n-',
  ...secretPieces,
];

/** One piece again and again: of the text, with a number of its own in each copy, or what fills any text. */
function stretched(text: string, random: Random): (length: number) => string {
  const lines = text.split(/(?<=\n)/);
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const from = random.below(line.length + 1);
  const way = random.below(4);
  const some = way === 0 ? line : line.slice(from, from + 1 + random.below(20));
  const piece = way < 2 ? some : random.pick(fillers);
  const hasNumbers = random.below(2) === 0;
  const [before, after] = random.pick([
    [line.slice(0, from), line.slice(from)],
    [line.trimEnd(), '\n'],
    ['', line],
    [line, ''],
  ]);
  return (length) => {
    const count = Math.floor(length / Math.max(piece.length, 1));
    const copies =
      way < 2 && hasNumbers
        ? Array.from({ length: count }, (_, index) => piece.replace(/\d|$/, String(index)))
        : [piece.repeat(count)];
    const changed = `${before}${copies.join('').slice(0, length)}${after}`;
    return [...lines.slice(0, at), changed, ...lines.slice(at + 1)].join('');
  };
}

function fileReader(set: Directory, name: string, seed: number) {
  return async (text: string): Promise<void> => {
    await mkdir(dirname(set.at(name)), { recursive: true });
    await writeFile(set.at(name), text);
    try {
      const report = judge(await collect({ paths: [set.path], maps: [] }));
      await checkReport(report, new Random(seed), wholeSecrets(text));
    } finally {
      await rm(set.at(name));
    }
  };
}

function explain(text: string): void {
  const explainer = logExplainer();
  for (const line of text.split('\n')) explainer.add(publicText(line));
  const output = incidentText(explainer.incident(), { width: 80, paint: plainPaint });
  checkText('explain', output, wholeSecrets(text));
}

function readAnswer(text: string): void {
  const reader = createHttpAnswerReader();
  const answer = reader.push(Buffer.from(text)) ?? reader.end();
  if (answer !== undefined) readMetrics(answer.body.toString('utf8'));
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
