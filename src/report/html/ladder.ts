import type { Edge } from '../../model/forecast.ts';
import { type Markup, markup } from './markup.ts';
import { initiator, sentenceOf } from './edge-words.ts';
import { printable } from '../escape.ts';
import { type Rule } from '../../model/refusal.ts';

interface Step {
  readonly phase: Phase;
  /** Who does it: an arrow goes to the other side, a check stays where it is made. */
  readonly by: 'initiator' | 'listener';
  readonly kind: 'arrow' | 'check';
  readonly words: string;
  readonly state: StepState;
}

type Phase = 'start' | 'dial' | 'hello' | 'server-certificate' | 'client-certificate' | 'answer';

const width = 360;
const left = 34;
const right = width - left;
const stepHeight = 38;
const top = 44;

/** The handshake as a ladder between the two sides, down to the step at which it fails. */
export function ladder(edge: Edge): Markup {
  const steps = stepsUntilFailure(edge);
  const bottom = top + steps.length * stepHeight;
  const { to, member = to } = edge;
  return markup`<svg class="ladder" viewBox="0 0 ${width} ${bottom + 12}" role="img" aria-label="${`Handshake: ${sentenceOf(edge)}`}">
<line x1="${left}" x2="${left}" y1="30" y2="${bottom}" class="life"/><line x1="${right}" x2="${right}" y1="30" y2="${bottom}" class="life"/>
${label(initiator(edge), { x: 4, y: 18, characters: 26, kind: 'end' })}
${label(member, { x: width - 4, y: 18, characters: 22, kind: 'end right' })}
${steps.map(stepMarkup)}
</svg>`;
}

type StepState = 'done' | 'failed' | 'open' | 'unsure';

function stepsUntilFailure(edge: Edge): readonly Step[] {
  const steps = stepsOf(edge);
  const failing = failingPhase(edge);
  if (failing === undefined) {
    return edge.wanted === 'refused' ? steps.map((each) => ({ ...each, state: 'open' })) : steps;
  }
  const last = steps.findLastIndex(({ phase, kind }) => phase === failing && kind === 'check');
  const check = steps[last];
  if (check === undefined) return steps;
  const unsure = edge.outcome === 'not-sure';
  const reason = (edge.rule.split('.').at(-1) ?? '').replaceAll('-', ' ');
  const words = unsure ? `may reject: ${reason}` : `rejects: ${reason}`;
  const failed: Step = { ...check, words, state: unsure ? 'unsure' : 'failed' };
  return [...steps.slice(0, last), failed, ...(unsure ? [] : [goodbye(edge, check)])];
}

/** What the rejecting side sends the other, or that it only hangs up. */
function goodbye({ clientError, serverError }: Edge, { by, phase }: Step): Step {
  const heard = by === 'initiator' ? serverError : clientError;
  const alert = heard?.match(/remote error: (tls: .+)$/)?.[1];
  return { phase, by, kind: 'arrow', words: alert ?? 'closes the connection', state: 'failed' };
}

function stepMarkup({ by, kind, words, state }: Step, index: number): Markup {
  const y = top + index * stepHeight + 22;
  const text = label(words, { x: width / 2, y: y - 6, characters: 44, kind: `step ${state}` });
  if (kind === 'check')
    return markup`<g class="${state}">${checkMark(by, y - 4, state)}${text}</g>`;
  const [from, to] = by === 'initiator' ? [left, right] : [right, left];
  const tip = by === 'initiator' ? -7 : 7;
  return markup`<g class="${state}"><path d="M${from} ${y}H${to}m${tip} -4l${-tip} 4l${tip} 4" class="arrow"/>${text}</g>`;
}

const signs = { done: '✓', failed: '✕', open: '✓', unsure: '?' } as const;

function checkMark(by: Step['by'], y: number, state: StepState): Markup {
  const x = by === 'initiator' ? left : right;
  return markup`<circle cx="${x}" cy="${y}" r="10" class="check"/><text x="${x}" y="${y + 4}" class="mark">${signs[state]}</text>`;
}

function stepsOf(edge: Edge): readonly Step[] {
  const { to, credential, port } = edge;
  const place = to.replace(/^https?:\/\//, '');
  const encrypted = !to.startsWith('http://');
  const steps: readonly (Step | false)[] = [
    edge.refusedBy === 'start' && step('start', 'listener', 'check', 'starts to listen'),
    edge.refusedBy === 'never-dials' && step('dial', 'initiator', 'check', 'reads its own files'),
    step('dial', 'initiator', 'arrow', `connects to ${place}`),
    encrypted && step('hello', 'initiator', 'arrow', 'offers TLS versions and cipher suites'),
    encrypted && step('hello', 'listener', 'check', 'selects a common one'),
    encrypted && step('server-certificate', 'listener', 'arrow', 'presents its certificate'),
    encrypted && step('server-certificate', 'initiator', 'check', 'verifies chain, dates, name'),
    encrypted && step('client-certificate', 'initiator', 'arrow', shows(credential)),
    encrypted && step('client-certificate', 'listener', 'check', listenerCheck(credential)),
    step(
      'answer',
      'listener',
      'check',
      port === 'peer' ? 'checks allowed names and address' : 'accepts the connection',
    ),
    step('answer', 'listener', 'arrow', 'answers'),
  ];
  return steps.filter((each) => each !== false);
}

function step(phase: Phase, by: Step['by'], kind: Step['kind'], words: string): Step {
  return { phase, by, kind, words, state: 'done' };
}

function listenerCheck(credential: string | undefined): string {
  return credential === undefined ? 'requests no certificate' : 'trusts it';
}

function shows(credential: string | undefined): string {
  return credential === undefined ? 'presents no certificate' : `presents ${credential}`;
}

/** The phase in which the rule that decides is applied; nothing when the handshake succeeds. */
function failingPhase({ outcome, refusedBy, rule }: Edge): Phase | undefined {
  if (outcome === 'accepted') return undefined;
  if (refusedBy === 'start') return 'start';
  if (refusedBy === 'never-dials') return 'dial';
  if (decidedByHello.has(rule)) return 'hello';
  if (refusedBy === 'client') return 'server-certificate';
  return decidedByEtcd.has(rule) ? 'answer' : 'client-certificate';
}

const decidedByHello: ReadonlySet<Rule> = new Set([
  'etcd.plaintext',
  'tls.no-common-suite',
  'tls.no-common-version',
  'tls.plaintext-to-tls',
  'tls.tls-to-plaintext',
]);

/** etcd applies these after Go has finished the handshake. */
const decidedByEtcd: ReadonlySet<Rule> = new Set([
  'etcd.crl-unreadable',
  'etcd.name-not-allowed',
  'etcd.peer-san',
  'etcd.revoked',
]);

/** Text of at most so many characters at a place, with the whole of it as a tooltip when cut. */
function label(
  text: string,
  at: {
    readonly x: number;
    readonly y: number;
    readonly characters: number;
    readonly kind?: string;
  },
): Markup {
  const whole = printable(text);
  const cut = whole.length > at.characters;
  const shown = cut ? `${whole.slice(0, at.characters - 1)}…` : whole;
  return markup`<text x="${at.x}" y="${at.y}" class="${at.kind ?? 'label'}">${shown}${cut && markup`<title>${whole}</title>`}</text>`;
}
