import { type Explanation, explainLine } from './explain.ts';
import { embeddedLines } from './embedded-lines.ts';
import { type Episode, mostEvidence, targetName } from './episode.ts';
import { type Incident, incidentOf } from './incident.ts';
import { lineJoiner } from './joined-lines.ts';
import { type LogLine, parseLogLine } from './log-line.ts';
import { knownIn } from './reading.ts';

/** Collects a log line by line; memory grows with the kinds of lines, not with their number. */
export interface LogExplainer {
  /** Takes a line; true where it may change the conclusion. */
  add(line: string): boolean;
  /** No line of what comes next belongs to the last one: another file begins. */
  endOfText(): void;
  /** What all lines so far mean together. */
  readonly incident: () => Incident;
}

/** Names kept for each episode; a scan from everywhere must not fill the memory. */
export const mostNames = 1000;

/** Kinds of lines kept apart; what comes after joins the kind that is most like it. */
const mostKinds = 400;

/** Shapes of lines whose meaning is remembered; then all are forgotten and learnt again. */
const mostShapes = 4000;

/** What a shape of lines turned out to be. */
interface Known {
  readonly episode?: Collected;
  readonly note?: 'start' | 'stop';
}

interface Collected {
  readonly explanation: Explanation;
  readonly evidence: Set<string>;
  readonly remoteAddresses: Map<string, number>;
  readonly targets: Map<string, number>;
  readonly first: number;
  last: number;
  count: number;
  lastLine: string;
}

const nothing: Known = {};

/** A new, empty collection. */
export function logExplainer(): LogExplainer {
  const kinds = new Map<string, Collected>();
  const shapes = new Map<string, Known>();
  let linesRead = 0;
  let [started, stopped] = [-1, -1];
  let [speaksPlain, hasPlainPeers] = [false, false];

  const serves = new Map<string, string | undefined>();
  let servesSince = -1;

  /** What the line says of the whole log, and the line in its light. */
  const placed = (raw: string): LogLine => {
    const line = parseLogLine(raw);
    if (pythonServer.test(raw)) servesSince = linesRead;
    const [, served] = serving.exec(line.text) ?? [];
    if (served !== undefined && serves.size < mostNames) serves.set(served, line.process);
    speaksPlain ||= isPlainClient(line, raw);
    hasPlainPeers ||= plainPeers.test(line.text);
    const isInTraceback = servesSince >= 0 && linesRead - servesSince <= longestTraceback;
    return isInTraceback ? { ...line, ...ofPythonServer } : line;
  };

  const learn = (raw: string): Known => {
    const line = placed(raw);
    if (line.isCommand === true) return nothing;
    const explanation = explainLine(line);
    const note = noteOf(line);
    if (explanation === undefined) return note === undefined ? nothing : { note };

    const episode = kindOf(explanation, raw);
    take(episode, explanation);
    return { episode, ...(note !== undefined && { note }) };
  };

  const kindOf = (explanation: Explanation, raw: string): Collected => {
    const key = keyOf(explanation, kinds.size >= mostKinds);
    const known = kinds.get(key);
    if (known !== undefined) return known;
    const episode: Collected = {
      explanation,
      evidence: new Set(),
      remoteAddresses: new Map(),
      targets: new Map(),
      first: linesRead,
      last: linesRead,
      count: 0,
      lastLine: raw,
    };
    kinds.set(key, episode);
    return episode;
  };

  /** What is known of lines of this shape, or what this line teaches. */
  const recall = (raw: string): Known => {
    const shape = raw.length > longestShape || digitsMatter.test(raw) ? undefined : shapeOf(raw);
    if (shape === undefined) return learn(raw);
    const remembered = shapes.get(shape);
    if (remembered?.episode !== undefined) noteAgain(remembered.episode, raw);
    if (remembered !== undefined) return remembered;
    const known = learn(raw);
    if (shapes.size >= mostShapes) shapes.clear();
    shapes.set(shape, known);
    return known;
  };

  const addLine = (raw: string): boolean => {
    const kindsBefore = kinds.size;
    const { episode, note } = recall(raw);
    if (note === 'start') started = linesRead;
    if (note === 'stop') stopped = linesRead;
    if (episode !== undefined) {
      episode.count += 1;
      episode.last = linesRead;
      episode.lastLine = raw;
    }
    linesRead += 1;
    return kinds.size > kindsBefore || note !== undefined;
  };

  const joiner = lineJoiner(knownIn);

  const addAll = (joined: readonly string[]): boolean => {
    let mayChange = false;
    for (const raw of joined)
      for (const line of embeddedLines(raw)) mayChange = addLine(line) || mayChange;
    return mayChange;
  };

  const endOfText = (): void => {
    addAll(joiner.end());
  };

  return {
    // A line that may go on is read with the next, or when the stream pauses.
    add(raw) {
      const joined = joiner.add(raw);
      return addAll(joined) || joined.length === 0;
    },
    endOfText,
    incident() {
      endOfText();
      return incidentOf([...kinds.values()].map(finished), {
        linesRead,
        started,
        stopped,
        speaksPlain,
        hasPlainPeers,
        serves,
      });
    },
  };
}

/** Lines longer than this are rare, and their shape costs as much as reading them. */
const longestShape = 2000;

/** Numbers that mean something by themselves: alerts, error codes, lengths, versions. */
const digitsMatter =
  /alert|error:[01]|serving client|oversized|unsupported versions|selected unsupported/;

/** Addresses and ports that show which sides of a connection a line is about. */
const places = [
  '127.0.0.1',
  '0.0.0.0',
  '::1',
  ':2380',
  ':2379',
  ':6443',
  ':443',
  ':9345',
  ':7001',
  ':4001',
];

/** What lines of one meaning have in common: all but numbers. */
function shapeOf(raw: string): string {
  let flags = '';
  for (let index = 0; index < places.length; index += 1) {
    if (raw.includes(places[index] ?? '')) flags += String.fromCodePoint(97 + index);
  }
  return flags + withoutNames(raw).replaceAll(/\d+/g, '0');
}

/** Without what clients choose: the name that they ask for, and the keys that they read. */
function withoutNames(raw: string): string {
  if (!raw.includes('"server-name":"') && !raw.includes('"request":"')) return raw;
  return raw.replaceAll(chosenByClients, '"$1":"x"');
}

/** An empty server name stays: it means another thing. */
const chosenByClients = /"(server-name|request|response)":"(?:[^"\\]|\\.){1,999}"/g;

/** A repetition of a known shape: who takes part is looked at for all, the rest for some. */
function noteAgain(episode: Collected, raw: string): void {
  if (episode.count < 100 || episode.count % 64 === 0) {
    const explanation = explainLine(parseLogLine(raw));
    if (explanation !== undefined) take(episode, explanation);
    return;
  }
  if (episode.remoteAddresses.size === 0) return;
  const [, remote] = remoteAddress.exec(raw) ?? [];
  if (remote !== undefined) increase(episode.remoteAddresses, remote);
}

const remoteAddress =
  /(?:remote-addr(?:ess)?\\?["=]:?\\?"?|rejected connection from \\?"|handshake error from )\[?([\d.]{7,15}|[\da-fA-F:]{2,40})\]?:\d/;

function take(episode: Collected, explanation: Explanation): void {
  const { line, evidence } = explanation;
  if (line.remoteAddress !== undefined) increase(episode.remoteAddresses, line.remoteAddress);
  const target = targetName(explanation);
  if (target !== undefined) increase(episode.targets, target);
  for (const reason of evidence)
    if (episode.evidence.size < mostEvidence) episode.evidence.add(reason);
}

function increase(counts: Map<string, number>, name: string): void {
  if (counts.has(name) || counts.size < mostNames) counts.set(name, (counts.get(name) ?? 0) + 1);
}

function finished({ explanation, lastLine, evidence, ...rest }: Collected): Episode {
  const firstTime = explanation.line.time;
  const lastTime = firstTime === undefined ? undefined : parseLogLine(lastLine).time;
  return {
    explanation,
    ...rest,
    evidence: [...evidence],
    ...(firstTime !== undefined && { firstTime }),
    ...(lastTime !== undefined && { lastTime }),
  };
}

/** Lines are alike when they say the same, about the same side and service; names and numbers aside. */
function keyOf(
  { line, cause, title, refusedBy, alert, signals, confidence }: Explanation,
  isFull: boolean,
): string {
  if (isFull) return `${cause}|${confidence}`;
  const named = title.length > 120 ? cause : title;
  return [
    cause,
    confidence,
    named,
    refusedBy,
    line.writtenBy,
    line.role,
    line.port,
    line.service,
    alert,
    ...signals.keys(),
  ].join('|');
}

function noteOf({ text }: LogLine): Known['note'] {
  if (/received \w{1,20} signal|received signal; shutting down/.test(text)) return 'stop';
  return /starting an etcd server|^etcd Version: |etcd-version=/.test(text) ? 'start' : undefined;
}

/** Python's server, as of Patroni's REST API, writes this and a traceback when a client fails. */
const pythonServer =
  /Exception happened during processing of request from|api\.py", line \d{1,6}, in process_request_thread/;

const longestTraceback = 40;

const ofPythonServer = { role: 'accepting', service: 'web' } as const;

/** etcd of every release; its JSON has the address in a field. */
const serving =
  /serving client (?:requests on |traffic (?:in)?securely.{0,200}address=)(\S{3,100}?:\d{1,5})\b/;

/** etcd lists the URLs by which it dials other members, before it does. */
const plainPeers =
  /(?:remote-peer-urls|added-peer-peer-urls|initial-cluster)=\S{0,400}http:\/\/|added member [\da-f]{1,16} \[http:/;

/** A pasted command, or etcdctl's listing of its settings, with an endpoint that is not https. */
function isPlainClient({ isCommand, text }: LogLine, raw: string): boolean {
  if (isCommand === true && /\betcdctl\b/.test(raw)) {
    const [, endpoints] = /--endpoints?[= ]["']?(\S{1,400})/.exec(raw) ?? [];
    return endpoints !== undefined && !endpoints.includes('https://');
  }
  return /^ETCDCTL_ENDPOINTS=\[(?!https)[^\]]{1,400}\]$/.test(text) && !text.includes('https://');
}
