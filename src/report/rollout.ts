import type { Rollout, RolloutStep } from '../forecast/rollout.ts';
import type { RotationPhase } from '../forecast/rotation.ts';
import type { Edge } from '../model/forecast.ts';
import { printable } from './escape.ts';
import { wrap } from './layout.ts';
import { counted, enumerate } from '../model/words.ts';

/** What a replacement does, and what there would be to do instead. */
export interface WhatIf {
  readonly asked: Rollout;
  /** An order that keeps quorum, when the one asked for does not and there is one. */
  readonly better?: Rollout;
  /** The way over a bundle of both CAs, when the replacement breaks something on its way. */
  readonly phases?: readonly RotationPhase[];
}

/** A replacement step by step, for a person: what breaks when, and whether quorum holds. */
export function whatIfText({ asked, better, phases }: WhatIf, width: number): string {
  return [
    ...section('Replacing the set member by member', asked, width),
    ...(better === undefined ? [] : section('An order that keeps quorum', better, width)),
    ...(phases ?? []).flatMap(({ phase, rollout }) => section(titles[phase], rollout, width)),
    '',
  ].join('\n');
}

const titles = {
  'trust-both': 'Instead, phase 1: trust both CAs everywhere',
  'new-leaves': 'Phase 2: install the new leaf certificates',
  'drop-old': 'Phase 3: drop the old CA',
} as const;

function section(title: string, rollout: Rollout, width: number): readonly string[] {
  const verdict = rollout.keepsQuorum ? 'keeps quorum' : 'loses quorum';
  const order = rollout.order.map((name) => printable(name, 60)).join(', ');
  return [
    '',
    title,
    ...wrap(`order ${order}: `, width).map((line) => `${line}${verdict}`),
    ...rollout.steps.flatMap((step) => stepLines(step, width)),
    rollout.broken.length === 0
      ? 'after the last step every required handshake succeeds'
      : `after the last step ${counted(rollout.broken.length, 'handshake')} still fail`,
    ...movedLines(rollout, width),
  ];
}

function movedLines({ moved }: Rollout, width: number): readonly string[] {
  if (moved.length === 0) return [];
  const names = enumerate(moved.map((name) => printable(name, 60)));
  const says = `the cluster keeps the present peer URLs of ${names}: set those of the new set with`;
  return wrap(`${says} \`etcdctl member update\` before the restart`, width);
}

const phaseWords = {
  'files-written': 'new files written',
  restarted: 'restarted',
  'clients-replaced': 'clients replaced',
} as const;

function stepLines(step: RolloutStep, width: number): readonly string[] {
  const { member, phase, broken, quorum, quorumWhileDown } = step;
  const who = member === undefined ? '' : `${printable(member, 60)}: `;
  const lost = [
    ...(quorumWhileDown === 'lost' ? ['quorum lost while the member is down'] : []),
    ...(quorum === 'lost' ? ['quorum lost'] : []),
  ];
  const state =
    broken.length === 0 ? 'nothing breaks' : `${counted(broken.length, 'handshake')} rejected`;
  const head = `  ${who}${phaseWords[phase]}: ${[state, ...lost].join(', ')}`;
  return [head, ...brokenLines(broken, width)];
}

/** Each refused handshake once, by its ends and its reason. */
function brokenLines(broken: readonly Edge[], width: number): readonly string[] {
  const reasons = broken.slice(0, 6).flatMap(({ from, to, clientError, serverError, rule }) => {
    const reason = serverError ?? clientError ?? rule;
    return wrap(
      `${printable(from, 60)} → ${printable(to, 80)}: ${printable(reason, 200)}`,
      width - 6,
    );
  });
  const rest = broken.length > 6 ? [`and ${broken.length - 6} more`] : [];
  return [...reasons, ...rest].map((line) => `      ${line}`);
}
