import type { Explanation } from './page.ts';

/** Differences between forecast and reality that stay, each with its reason. */
export const explained: readonly Explanation[] = [];
