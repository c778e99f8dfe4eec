/** What became of one real connection, or of the attempt. */
export interface Observation {
  readonly edge: 'client' | 'peer' | 'self' | 'intruder';
  readonly from: string;
  readonly to: string;
  /** `unseen`: this run cannot show it. */
  readonly outcome: 'accepted' | 'refused' | 'unseen';
  readonly refusedBy?: 'client' | 'server' | 'start' | 'never-dials';
  /** Everything that the dialling side said about it. */
  readonly clientWords: readonly string[];
  /** Everything that the listening side logged about it. */
  readonly serverWords: readonly string[];
}

/** The side that refused, by what the listener says: its own reason, or the other side's alert. */
export function refusingSide(serverWords: readonly string[]): 'client' | 'server' {
  // The last is what Go says when OpenSSL sends an alert under keys that Go no longer has.
  const ofOthers = /^(EOF|remote error|read tcp|write tcp|local error: tls: bad record MAC)/;
  return serverWords.some((words) => !ofOthers.test(words)) ? 'server' : 'client';
}

/** Go's names for the alerts that it receives, by number. */
export const alertNames: Readonly<Record<string, string>> = {
  20: 'bad record MAC',
  40: 'handshake failure',
  42: 'bad certificate',
  45: 'expired certificate',
  46: 'unknown certificate',
  48: 'unknown certificate authority',
  49: 'access denied',
  70: 'protocol version not supported',
  80: 'internal error',
  112: 'unrecognized name',
  116: 'certificate required',
  120: 'no application protocol',
};
