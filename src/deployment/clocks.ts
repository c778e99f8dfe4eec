import { largest, smallest } from '../model/extremes.ts';
import type { ClockReading, ProcessObservation } from '../model/live.ts';

/** Less than this is no matter for dates of certificates, and more than networks and seconds explain. */
const toleratedMs = 5000;

/** Milliseconds by which a clock differs from ours for certain: the time that the question took proves nothing. */
export function atLeastOff({
  serverTime,
  askedAt,
  answeredAt,
  resolutionMilliseconds,
}: ClockReading): number {
  const server = Date.parse(serverTime);
  const behind = server + resolutionMilliseconds - Date.parse(askedAt);
  const ahead = server - Date.parse(answeredAt);
  if (behind < 0) return behind;
  return ahead > 0 ? ahead : 0;
}

/** Whether a clock is off by more than can be ignored. */
export function isOff(clock: ClockReading): boolean {
  return Math.abs(atLeastOff(clock)) > toleratedMs;
}

/**
 * By how many milliseconds this host's clock is behind (or, negative, ahead of) the clocks of at least two
 * members that agree with each other. Nothing where it is right, or it is unknown which is wrong.
 */
export function ownClockOff(processes: readonly ProcessObservation[]): number | undefined {
  const byMember = new Map(
    processes.flatMap(({ endpoint, clock }) =>
      clock === undefined ? [] : [[endpoint.member ?? endpoint.host, clock] as const],
    ),
  );
  const clocks = [...byMember.values()];
  if (clocks.length < 2 || !clocks.every(isOff)) return undefined;
  const offsets = clocks.map(atLeastOff);
  const spread = largest(offsets) - smallest(offsets);
  return spread > toleratedMs
    ? undefined
    : offsets.reduce((sum, each) => sum + each, 0) / offsets.length;
}
