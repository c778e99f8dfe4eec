import type { Explanation } from './judge-run.ts';

/** Differences between forecast and reality that stay, each with its reason. */
export const explained: readonly Explanation[] = [];

/** On what the forecast may say that an outcome depends: what no file of the set can show. */
export const listedDoubts: readonly RegExp[] = [
  /having had a quorum since it started/,
  // An intruder may use any TLS library, with P-224 or without.
  /^the TLS library of /,
];
