/** What became of one real connection, or of the attempt. */
export interface Observation {
  readonly edge: 'client' | 'peer' | 'self' | 'intruder';
  readonly from: string;
  readonly to: string;
  /** The member that listens there. */
  readonly member?: string;
  /** `unseen`: this run cannot show it. */
  readonly outcome: 'accepted' | 'refused' | 'unseen';
  readonly refusedBy?: 'client' | 'server' | 'start' | 'never-dials';
  /** Everything that the dialling side said about it. */
  readonly clientWords: readonly string[];
  /** Everything that the listening side logged about it. */
  readonly serverWords: readonly string[];
}

/**
 * The side that refused, by what the listener says: its own reason, or the other side's alert. A listener that
 * logs nothing, as one in clear and one with `--auto-tls` do, leaves the client's own reason.
 */
export function refusingSide(
  serverWords: readonly string[],
  clientWords: readonly string[] = [],
): 'client' | 'server' | undefined {
  // The last is what Go says when OpenSSL sends an alert under keys that Go no longer has.
  const ofOthers = /^(EOF|remote error|read tcp|write tcp|local error: tls: bad record MAC)/;
  if (serverWords.some((words) => !ofOthers.test(words))) return 'server';
  const isOwnReason = clientWords.some((words) =>
    /authentication handshake failed: (?!remote error|read tcp|write tcp)/.test(words),
  );
  return serverWords.length > 0 || isOwnReason ? 'client' : undefined;
}
