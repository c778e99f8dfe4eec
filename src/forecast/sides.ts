import { isAtLeast } from '../etcd/version.ts';
import type { Certificate } from '../model/certificate.ts';
import type { Member } from '../model/inventory.ts';
import { isAllowed, notAllowedText } from './allowed-names.ts';
import { judgeChain } from './chain.ts';
import type { Dialler } from './dialler.ts';
import type { Address } from './endpoints.ts';
import { judgeGeneratedServer, refuseGeneratedClient } from './generated.ts';
import {
  blameCertificate,
  blameSetting,
  content,
  type Opinion,
  type Refusal,
  refuses,
  undecided,
} from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Anchors, Credential } from './material.ts';
import { judgeByOpenssl } from './openssl.ts';
import { judgeSource } from './peer-san.ts';
import { judgeRevocation } from './revocation.ts';
import { isGoAtLeast } from './texts.ts';
import type { Encounter } from './wording.ts';

/** What a handshake is judged against beside its two sides. */
export interface Surroundings {
  readonly at: Date;
  /** CAs among the files given. */
  readonly authorities: readonly Certificate[];
  /** The given file in which a certificate lies. */
  readonly locate: (certificate: Certificate) => string | undefined;
  readonly refusalToStart: (member: Member) => Refusal | undefined;
}

/** What the dialling side makes of the certificate that the listener shows. */
export function judgeServer(
  { dialler, listener, address }: Encounter,
  surroundings: Surroundings,
): Opinion {
  const { serves } = listener;
  const { serverAnchors, allowed } = dialler;
  if (serverAnchors === undefined) {
    // Without verification there is no verified chain, in which alone etcd looks for allowed names.
    return allowed === undefined ? content : refuses(notAllowed(listener, serves));
  }
  if (serves.kind === 'not-given') return notGiven(serves.files);

  const hostName = dialler.serverName ?? address.host;
  if (serves.kind === 'generated') return judgeGeneratedServer(serves.hosts, hostName, dialler.go);
  if (serves.kind !== 'files') return content;

  const question = {
    chain: serves.chain,
    file: serves.file,
    anchors: serverAnchors,
    usage: 'serverAuth' as const,
    hostName,
    at: surroundings.at,
    go: dialler.go,
    verifier: 'the dialling side',
    authorities: surroundings.authorities,
    locate: surroundings.locate,
  };
  const tooLarge = oversizedKey(serves, dialler.goVersion, 'server');
  if (tooLarge !== undefined) return refuses(tooLarge);
  if (dialler.speaks === 'openssl') return judgeByOpenssl(question);

  const opinion = judgeChain(question);
  if (opinion.kind === 'refuses' || allowed === undefined) return opinion;
  return isAllowed(serves.chain[0], allowed, dialler.go)
    ? opinion
    : refuses(notAllowed(listener, serves));
}

export interface ClientVerdict {
  readonly opinion: Opinion;
  /** True when the handshake completes and the connection is then closed without an alert. */
  readonly afterwards: boolean;
}

/** What the listener makes of the certificate that the dialling side shows, or of its lack. */
export function judgeClient(
  { dialler, listener, address }: Encounter,
  surroundings: Surroundings,
): ClientVerdict {
  const { clientAnchors } = listener;
  if (clientAnchors === undefined) return { opinion: content, afterwards: false };

  const inHandshake = judgePresented(dialler, listener, clientAnchors, surroundings);
  if (inHandshake.kind === 'refuses' || dialler.presents.kind !== 'files') {
    return { opinion: inHandshake, afterwards: false };
  }
  const later = judgeAfterwards(dialler, dialler.presents, listener, address);
  if (later.kind === 'refuses') return { opinion: later, afterwards: true };
  return { opinion: strongest(inHandshake, later), afterwards: false };
}

function judgePresented(
  dialler: Dialler,
  listener: Listener,
  anchors: Anchors,
  surroundings: Surroundings,
): Opinion {
  const { presents } = dialler;
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
      if (dialler.presentsOnlyIfAsked && !isAskedFor(presents, anchors)) {
        return refuses(leftOut(listener, presents));
      }
      return judgePresentedChain(presents, listener, anchors, surroundings);
  }
}

function refuseForeign({ member, effective, port }: Listener): Refusal {
  const anySystemRoot = effective.clientAuthentication === 'system-roots';
  return {
    rule: anySystemRoot ? 'x509.system-roots' : 'x509.unknown-authority',
    text: 'x509: certificate signed by unknown authority',
    ...(anySystemRoot && {
      dependsOn: [
        `the operating system of ${member.name} not trusting the CA: one of every CA that it trusts is let in at the ${port} port`,
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
  const tooLarge = oversizedKey(presents, member.goVersion.value, 'client');
  if (tooLarge !== undefined) return refuses(tooLarge);

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
  });
  if (opinion.kind === 'refuses' || allowed === undefined) return opinion;
  return isAllowed(presents.chain[0], allowed, access.go)
    ? opinion
    : refuses(notAllowed(listener, presents));
}

/** What etcd asks once Go's handshake is over: the names against the source address, then the CRL. */
function judgeAfterwards(
  dialler: Dialler,
  presents: Shown,
  listener: Listener,
  address: Address,
): Opinion {
  const { effective, access, crlFile, unsupervisedPorts } = listener;
  const source: Opinion = effective.checksSourceAddress
    ? judgeSourceOf(dialler, presents, listener)
    : content;
  if (source.kind === 'refuses' || crlFile === undefined) return source;
  if (unsupervisedPorts.includes(address.port)) return source;

  return strongest(judgeRevocation(presents, crlFile, listener.version, access), source);
}

function judgeSourceOf(dialler: Dialler, presents: Shown, listener: Listener): Opinion {
  const [leaf] = presents.chain;
  const verdict = judgeSource(leaf, dialler.source, listener.access.go);
  const blame = blameCertificate(leaf, presents.file);
  const remedy = `add the addresses from which it dials to the subject alternative names of ${presents.file}; where they are translated on the way, show a certificate without any by \`--peer-client-cert-file\` (etcd 3.5+)`;
  switch (verdict.kind) {
    case 'accepted':
      return content;
    case 'refused':
      return refuses({ rule: 'etcd.peer-san', text: verdict.text, blame, remedy });
    case 'depends':
      return undecided('etcd.peer-san', verdict.on, { blame, remedy });
  }
}

/** A refusal counts more than a doubt, and a doubt more than nothing. */
export function strongest(left: Opinion, right: Opinion): Opinion {
  if (left.kind === 'refuses' || right.kind === 'content') return left;
  if (right.kind === 'refuses' || left.kind === 'content') return right;
  return { ...left, dependsOn: [...left.dependsOn, ...right.dependsOn] };
}

function notGiven(files: readonly string[]): Opinion {
  return undecided('file.not-given', [`the content of ${files.join(', ')}, which was not given`]);
}

function noCertificate({ member, port }: Listener): Refusal {
  return {
    rule: 'tls.no-client-certificate',
    text: "tls: client didn't provide a certificate",
    remedy: `give the dialling side a certificate that the ${port} port of ${member.name} trusts`,
  };
}

function leftOut(listener: Listener, { chain, file }: Shown): Refusal {
  return {
    ...noCertificate(listener),
    rule: 'tls.certificate-left-out',
    blame: blameCertificate(chain[0], file),
    remedy: `reissue ${file} by a CA that ${listener.member.name} trusts: this client shows a certificate only to servers that name its CA`,
  };
}

/** Go's CertificateRequestInfo.SupportsCertificate: no names at all means any certificate will do. */
function isAskedFor({ chain }: Shown, anchors: Anchors): boolean {
  if (anchors.kind !== 'pool' || anchors.certificates.length === 0) return true;
  const named = new Set(anchors.certificates.map(({ subject }) => subject.raw));
  return chain.some(({ issuer }) => named.has(issuer.raw));
}

function notAllowed({ effective, version }: Listener, credential: Credential): Refusal {
  const setting = effective.allowedCns ?? effective.allowedHostnames;
  const blamed =
    credential.kind === 'files'
      ? blameCertificate(credential.chain[0], credential.file)
      : blameSetting(setting);
  return {
    rule: 'etcd.name-not-allowed',
    text: notAllowedText(!isAtLeast(version, '3.4.0')),
    blame: blamed,
    remedy: `allow the certificate's name (${setting?.origin.name ?? 'allowed names'}), on every member alike, or reissue it with an allowed one`,
  };
}

const largestRsaKey = 8192;

function oversizedKey(
  credential: Shown,
  goVersion: string,
  side: 'server' | 'client',
): Refusal | undefined {
  if (!isGoAtLeast(goVersion, '1.21')) return undefined;
  const large = credential.chain.find(
    ({ publicKey }) => publicKey.algorithm === 'RSA' && (publicKey.bits ?? 0) > largestRsaKey,
  );
  return large === undefined
    ? undefined
    : {
        rule: 'tls.oversized-key',
        text: `tls: ${side} sent certificate containing RSA key larger than ${largestRsaKey} bits`,
        blame: blameCertificate(large, credential.file),
        remedy: `reissue ${large.subject.text} with a key of at most ${largestRsaKey} bits`,
      };
}
