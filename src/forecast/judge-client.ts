import { isAllowed } from './allowed-names.ts';
import { judgeChain } from './chain.ts';
import { notAllowed, notGiven } from './credential-faults.ts';
import type { Initiator } from './initiator.ts';
import { refuseGeneratedClient } from './generated.ts';
import {
  blameCertificate,
  content,
  type Opinion,
  type Refusal,
  refuses,
  strongest,
  undecided,
} from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Anchors, Credential } from './material.ts';
import { followed, isRefusal, receive } from './received.ts';
import { judgeSource } from './peer-san.ts';
import { judgeRevocation } from './revocation.ts';
import { rules } from './rules.ts';
import type { Surroundings } from './surroundings.ts';
import type { Encounter } from './wording.ts';
import type { Address } from '../model/host.ts';

export interface ClientVerdict {
  readonly opinion: Opinion;
  /** True when the handshake completes and the connection is then closed without an alert. */
  readonly afterwards: boolean;
}

/** What the listener makes of the certificate that the dialling side shows, or of its lack. */
export function judgeClient(
  { initiator, listener, address }: Encounter,
  surroundings: Surroundings,
): ClientVerdict {
  const { clientAnchors } = listener;
  if (clientAnchors === undefined) return { opinion: content, afterwards: false };

  const presents = receivedFrom(initiator, listener, clientAnchors);
  if (isRefusal(presents)) {
    const rest = judgePresented(initiator.presents, listener, clientAnchors, surroundings);
    const refusal = followed(presents, initiator.presents, rest);
    return { opinion: refuses(refusal), afterwards: false };
  }
  const inHandshake = judgePresented(presents, listener, clientAnchors, surroundings);
  if (inHandshake.kind === 'refuses' || presents.kind !== 'files') {
    return { opinion: inHandshake, afterwards: false };
  }
  const later = judgeAfterwards(initiator, presents, listener, address);
  if (later.kind === 'refuses') return { opinion: later, afterwards: true };
  return { opinion: strongest(inHandshake, later), afterwards: false };
}

function receivedFrom(
  { presents, presentsOnlyIfAsked }: Initiator,
  listener: Listener,
  anchors: Anchors,
): Refusal | Credential {
  if (presents.kind !== 'files') return presents;
  return presentsOnlyIfAsked && !isAskedFor(presents, anchors)
    ? leftOut(listener, presents)
    : receive(presents, listener.access.go, 'client');
}

function judgePresented(
  presents: Credential,
  listener: Listener,
  anchors: Anchors,
  surroundings: Surroundings,
): Opinion {
  switch (presents.kind) {
    case 'none':
    case 'broken':
      return refuses(noCertificate(listener));
    case 'not-given':
      return notGiven(presents.files);
    case 'generated':
      return refuses(refuseGeneratedClient());
    case 'foreign':
      return refuses(refuseForeign(listener));
    case 'files':
      return judgePresentedChain(presents, listener, anchors, surroundings);
  }
}

function refuseForeign({ member, effective, port }: Listener): Refusal {
  const anySystemRoot = effective.clientAuthentication === 'system-roots';
  return {
    rule: anySystemRoot ? 'x509.system-roots' : 'x509.unknown-authority',
    text: 'x509: certificate signed by unknown authority',
    said: 'on-verifying',
    ...(anySystemRoot && {
      dependsOn: [
        `the operating system of ${member.name} not trusting the CA: etcd accepts certificates of every CA that it trusts at the ${port} port`,
      ],
    }),
  };
}

type Shown = Extract<Credential, { kind: 'files' }>;

function judgePresentedChain(
  presents: Shown,
  listener: Listener,
  anchors: Anchors,
  surroundings: Surroundings,
): Opinion {
  const { access, member, allowed } = listener;
  const opinion = judgeChain({
    chain: presents.chain,
    file: presents.file,
    anchors,
    usage: 'clientAuth',
    at: surroundings.at,
    go: access.go,
    verifier: member.name,
    authorities: surroundings.authorities,
    locate: surroundings.locate,
    opinions: surroundings.opinions,
  });
  if (opinion.kind === 'refuses' || allowed === undefined) return opinion;
  return isAllowed(presents.chain[0], allowed, access.go)
    ? opinion
    : refuses(notAllowed(allowed, presents));
}

/** What etcd asks once Go's handshake is over: the names against the source address, then the CRL. */
function judgeAfterwards(
  initiator: Initiator,
  presents: Shown,
  listener: Listener,
  address: Address,
): Opinion {
  const { effective, access, crlFile, unsupervisedPorts } = listener;
  const source: Opinion = effective.checksSourceAddress
    ? judgeSourceOf(initiator, presents, listener)
    : content;
  if (source.kind === 'refuses' || crlFile === undefined) return source;
  if (unsupervisedPorts.includes(address.port)) return source;

  return strongest(judgeRevocation(presents, crlFile, listener.version, access), source);
}

function judgeSourceOf(initiator: Initiator, presents: Shown, listener: Listener): Opinion {
  const [leaf] = presents.chain;
  const verdict = judgeSource(leaf, initiator.source, listener.access.go);
  if (verdict.kind === 'accepted') return content;

  const blame = { ...blameCertificate(leaf, presents.file), names: initiator.source.addresses };
  const remedy = rules['etcd.peer-san'].remedy({ file: presents.file });
  return verdict.kind === 'refused'
    ? refuses({ rule: 'etcd.peer-san', text: verdict.text, blame, remedy })
    : undecided('etcd.peer-san', verdict.on, { blame, remedy });
}

function noCertificate({ member, port }: Listener): Refusal {
  return {
    rule: 'tls.no-client-certificate',
    text: "tls: client didn't provide a certificate",
    remedy: rules['tls.no-client-certificate'].remedy({ member: member.name, port }),
  };
}

function leftOut(listener: Listener, { chain, file }: Shown): Refusal {
  return {
    ...noCertificate(listener),
    rule: 'tls.certificate-left-out',
    blame: blameCertificate(chain[0], file),
    remedy: rules['tls.certificate-left-out'].remedy({ file, member: listener.member.name }),
  };
}

/** Go's CertificateRequestInfo.SupportsCertificate: no names at all means any certificate will do. */
function isAskedFor({ chain }: Shown, anchors: Anchors): boolean {
  if (anchors.kind !== 'pool' || anchors.certificates.length === 0) return true;
  const named = new Set(anchors.certificates.map(({ subject }) => subject.raw));
  return chain.some(({ issuer }) => named.has(issuer.raw));
}
