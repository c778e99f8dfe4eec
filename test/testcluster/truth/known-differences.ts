/** By set of `found/forecast`: where the forecast still differs from what real etcd did. Only ever shrinks. */
export const knownDifferences: Readonly<Record<string, readonly string[]>> = {};
