/** What `--auth-token` says: a kind, then options as `key=value` (server/auth/store.go decomposeOpts). */
export interface AuthToken {
  readonly kind: string;
  readonly options: ReadonlyMap<string, string>;
  /** Whether each option has one value and is given once. */
  readonly isWellFormed: boolean;
}

export function tokenOf(text: string): AuthToken {
  const [kind = '', ...written] = text.split(',');
  const pairs = written.map((option) => option.split('='));
  const options = new Map(pairs.map(([name = '', value = '']) => [name, value]));
  const isWellFormed = pairs.every(({ length }) => length === 2) && options.size === pairs.length;
  return { kind, options, isWellFormed };
}
