import { isIpAddress, joinHostPort } from '../model/host.ts';
import type { GoRelease } from '../pki/go-release.ts';
import type { Initiator } from './initiator.ts';
import type { Judgement, Refusal } from './judgement.ts';
import type { Listener } from './listener.ts';
import type { NegotiationFailure } from './negotiation.ts';
import {
  alertForClient,
  clientVerificationText,
  grpcHandshakeText,
  opensslAlert,
  remote,
  undecodableAlert,
  serverVerificationText,
} from './texts.ts';
import { alertOf } from './rules.ts';
import type { Address } from '../model/host.ts';

/** Two sides that meet at an address. */
export interface Encounter {
  readonly initiator: Initiator;
  readonly listener: Listener;
  readonly address: Address;
}

/** How programs that use OpenSSL put it differs from one to the next. */
export function neverDials(refusal: Refusal, speaks: Initiator['speaks'] = 'peer'): Judgement {
  return {
    outcome: 'refused',
    refusedBy: 'never-dials',
    ...(speaks !== 'openssl' && { clientError: refusal.text }),
    ...rest(refusal),
  };
}

export function doesNotStart(refusal: Refusal): Judgement {
  const { text } = refusal;
  const serverError = text === '' ? {} : { serverError: text };
  return { outcome: 'refused', refusedBy: 'start', ...serverError, ...rest(refusal) };
}

/** The listener gives up before it has judged any certificate. */
export function negotiationFailed(
  encounter: Encounter,
  { alert, refusal }: NegotiationFailure,
): Judgement {
  return {
    outcome: 'refused',
    refusedBy: 'server',
    clientError: inHandshake(encounter, heard(encounter, alert)),
    ...logged(encounter, refusal.text),
    ...rest(refusal),
  };
}

/** The dialling side cannot use its own key, or does not accept the listener's. */
export function keyRefusedByClient(
  encounter: Encounter,
  { alert, refusal }: NegotiationFailure,
): Judgement {
  return {
    outcome: 'refused',
    refusedBy: 'client',
    clientError: inHandshake(encounter, refusal.text),
    ...logged(encounter, remote(alert)),
    ...rest(refusal),
  };
}

/** The HTTP/2 server hangs up; what the client makes of that is a matter of chance. */
export function closedAfterwards(refusal: Refusal): Judgement {
  return { outcome: 'refused', refusedBy: 'server', ...rest(refusal) };
}

export function refusedByClient(encounter: Encounter, refusal: Refusal): Judgement {
  const text = ofServer(refusal, encounter.initiator.go);
  return {
    outcome: 'refused',
    refusedBy: 'client',
    clientError: inHandshake(encounter, text),
    ...logged(encounter, complaintOfClient(encounter, refusal)),
    ...rest(refusal),
  };
}

/** `afterwards`: the handshake completes, then etcd closes the connection without a word. */
export function refusedByServer(
  encounter: Encounter,
  refusal: Refusal,
  afterwards: boolean,
): Judgement {
  const text = ofClient(refusal, encounter.listener.access.go);
  return {
    outcome: 'refused',
    refusedBy: 'server',
    ...(afterwards ? afterwardsText(encounter) : alertText(encounter, refusal)),
    ...logged(encounter, text),
    ...rest(refusal),
  };
}

/** Go parses a certificate before it verifies it. */
function ofServer({ said, text }: Refusal, go: GoRelease): string {
  if (said === 'on-parsing') return `tls: failed to parse certificate from server: ${text}`;
  return said === 'on-verifying' ? serverVerificationText(text, go) : text;
}

function ofClient({ said, text }: Refusal, go: GoRelease): string {
  if (said === 'on-parsing') return `tls: failed to parse client certificate: ${text}`;
  return said === 'on-verifying' ? clientVerificationText(text, go) : text;
}

function rest({ rule, blame, remedy, dependsOn }: Refusal) {
  return {
    rule,
    ...(blame && { blame }),
    ...(remedy !== undefined && { remedy }),
    ...(dependsOn && { dependsOn }),
  };
}

/** `--auto-tls` drops the hook that logs rejections, and gRPC never had it. */
function logged({ listener, address }: Encounter, serverError: string) {
  const supervised = !listener.unsupervisedPorts.includes(address.port);
  return listener.effective.logsRejections && supervised ? { serverError } : {};
}

export function inHandshake({ initiator }: Pick<Encounter, 'initiator'>, text: string): string {
  return isGrpc(initiator) ? grpcHandshakeText(text) : text;
}

function isGrpc({ speaks }: Initiator): boolean {
  return speaks === 'grpc' || speaks === 'old-grpc';
}

/** What the dialling side prints when the kernel answers that nothing listens; names are printed as addresses. */
export function dialFailure({ initiator, address: { host, port } }: Encounter): {
  readonly clientError?: string;
} {
  if (!isIpAddress(host) || initiator.speaks === 'openssl') return {};
  const text = `dial tcp ${joinHostPort(host, port)}: connect: connection refused`;
  if (!isGrpc(initiator)) return { clientError: text };
  return { clientError: whileDialing(initiator, text) };
}

/** Old gRPC puts no colon before the reason. */
export function whileDialing({ speaks }: Pick<Initiator, 'speaks'>, text: string): string {
  return `transport: Error while dialing${speaks === 'old-grpc' ? '' : ':'} ${text}`;
}

/**
 * What a dialling side logs when the other hangs up; etcdctl itself says `context deadline exceeded`.
 * How programs that use OpenSSL put it differs from one to the next.
 */
export function closedText({ speaks }: Initiator): { readonly clientError?: string } {
  if (speaks === 'openssl') return {};
  if (speaks === 'old-grpc') return { clientError: 'transport is closing' };
  return { clientError: speaks === 'grpc' ? 'error reading server preface: EOF' : 'EOF' };
}

/** Which of several texts an old gRPC prints of a connection closed behind its back is a matter of chance. */
function afterwardsText({ initiator }: Encounter) {
  return initiator.speaks === 'old-grpc' ? {} : closedText(initiator);
}

/**
 * Go clients send alert 42, and since 1.25 alert 50 where they cannot parse a certificate; OpenSSL's TLS 1.3
 * alert comes under keys Go has left behind.
 */
function complaintOfClient(encounter: Encounter, { said }: Refusal): string {
  const { speaks, go } = encounter.initiator;
  if (speaks === 'openssl' && isTls13(encounter)) return 'local error: tls: bad record MAC';
  return remote(said === 'on-parsing' ? undecodableAlert(go) : 'bad certificate');
}

/** In TLS 1.3 the client has finished its handshake before it hears of the refusal. */
function alertText(encounter: Encounter, { rule, alert: own }: Refusal) {
  const tls13 = isTls13(encounter);
  const { go } = encounter.listener.access;
  const alert = heard(encounter, alertForClient(own ?? alertOf(rule), go, tls13));
  if (!tls13) return { clientError: inHandshake(encounter, alert) };
  return encounter.initiator.speaks === 'old-grpc' ? {} : { clientError: alert };
}

/** An alert in the words of the side that receives it. */
function heard({ initiator }: Encounter, alert: string): string {
  return initiator.speaks === 'openssl' ? opensslAlert(alert) : remote(alert);
}

function isTls13({ initiator, listener }: Encounter): boolean {
  return Math.min(initiator.protocol.maximum, listener.protocol.maximum) === 13;
}
