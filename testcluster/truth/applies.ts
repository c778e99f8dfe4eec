import type { Fault } from '../faults/index.ts';

/** Whether a release has what the fault is about. `3.5` as an end means every 3.5.x. */
export function applies({ since, until }: Fault, version: string): boolean {
  const afterStart = since === undefined || order(version, since) >= 0;
  return afterStart && (until === undefined || order(version, until) <= 0);
}

/** Compares as many numbers as the bound has. */
function order(version: string, bound: string): number {
  const numbers = version.split('.').map(Number);
  const differing = bound
    .split('.')
    .map((part, index) => (numbers[index] ?? 0) - Number(part))
    .find((difference) => difference !== 0);
  return differing ?? 0;
}
