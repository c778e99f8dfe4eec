import type { EndpointObservation, HandshakeMessage, Stage } from '../model/live.ts';
import type { Report } from '../model/report.ts';
import { printable } from './escape.ts';
import type { Page } from './finding-text.ts';

const mostNameColumns = 36;

/**
 * The handshake of every endpoint as a ladder: what each side sent, its size and when, and the step
 * at which it failed. Nothing when nothing was dialled.
 */
export function ladderLines({ facts }: Report, page: Page): readonly string[] {
  const { endpoints = [] } = facts;
  if (endpoints.length === 0) return [];
  return [page.paint.strong('Seen on the wire'), ...endpoints.flatMap((seen) => rungs(seen, page))];
}

function rungs({ target, stages, messages = [] }: EndpointObservation, page: Page) {
  const before = stages.filter(({ name }) => name === 'resolve' || name === 'connect');
  const after = stages.filter(({ name }) => name !== 'resolve' && name !== 'connect');
  // Failures before the handshake come before its messages, the others where it broke off.
  return [
    '',
    `  ${printable(target.name, page.width - 2)}`,
    ...before.flatMap((stage) => stageLine(stage, page)),
    ...messages.map((message) => messageLine(message, page)),
    ...after
      .filter(({ outcome }) => outcome === 'failed')
      .flatMap((stage) => stageLine(stage, page)),
  ];
}

function stageLine({ name, outcome, milliseconds, code }: Stage, { paint }: Page) {
  if (outcome === 'not-reached') return [];
  const what = outcome === 'ok' ? name : `${name} failed: ${printable(code ?? 'no code', 40)}`;
  const line = `${what.padEnd(mostNameColumns + 12)} ${time(milliseconds)}`;
  return [outcome === 'ok' ? `      ${line}` : `    ${paint.bad(`✕ ${line}`)}`];
}

function messageLine(
  { from, name, alert, bytes, milliseconds }: HandshakeMessage,
  { paint }: Page,
) {
  const arrow = from === 'client' ? '→' : '←';
  const size = `${bytes} B`.padStart(9);
  const words = printable(name, mostNameColumns).padEnd(mostNameColumns);
  const line = `${arrow} ${words} ${size} ${time(milliseconds)}`;
  return alert !== undefined ? `    ${paint.bad(`✕ ${line}`)}` : `      ${line}`;
}

function time(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`.padStart(12);
}
