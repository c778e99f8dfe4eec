import { hasSoundLabels, isDomainName } from './domain-name.ts';
import { type GoRelease, isSince } from './go-release.ts';

/** An e-mail address by RFC 2821. */
export interface Mailbox {
  /** Without quotes and escapes. */
  readonly local: string;
  readonly domain: string;
}

/** Go takes blanks in quotes and escapes outside them, against the letter of the RFC. */
const quoted =
  // eslint-disable-next-line no-control-regex -- quoted text may hold control characters
  /^"((?:\\[\u0001-\u0009\u000b\u000c\u000e-\u007f]|[\u0001-\u0008\u000b\u000c\u000e-!#-[\]-\u007f])*)"/;
const atoms = /^(?:\\?[0-9a-zA-Z!#$%&'*+\-/=?^_`{|}~.]|\\[^])*/;

/** Reads an e-mail address as Go does; undefined for what it refuses. */
export function parseMailbox(text: string, go: GoRelease): Mailbox | undefined {
  const local = text.startsWith('"') ? readQuoted(text) : readAtoms(text);
  if (local === undefined || text[local.length] !== '@') return undefined;
  const domain = text.slice(local.length + 1);
  // Newer rules for the domain hold in SANs and constraints since patch releases, here since 1.27.
  const isSound = isSince(go, 27)
    ? isDomainName(domain, 'name', go) && !domain.includes('@')
    : hasSoundLabels(domain, isSince(go, 23));
  if (!isSound) return undefined;
  return { local: local.text, domain };
}

interface LocalPart {
  readonly text: string;
  /** Of what was read. */
  readonly length: number;
}

function readQuoted(text: string): LocalPart | undefined {
  const match = quoted.exec(text);
  if (match === null) return undefined;
  return { text: unescape(match[1] ?? ''), length: match[0].length };
}

function readAtoms(text: string): LocalPart | undefined {
  const [read = ''] = atoms.exec(text) ?? [];
  const local = unescape(read);
  if (local === '' || local.startsWith('.') || local.endsWith('.') || local.includes('..')) {
    return undefined;
  }
  return { text: local, length: read.length };
}

function unescape(text: string): string {
  return text.replaceAll(/\\([^])/g, '$1');
}
