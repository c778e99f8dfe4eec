import type { MemberSettings, Setting, TlsSettings } from '../model/settings.ts';
import { cipherSuite } from './cipher-suites.ts';
import { asksLiterally, clientAuthentication, effectiveTls } from './effective-tls.ts';
import { logsThroughZap } from './log-words.ts';
import { problem } from './settings-problem.ts';
import { type EtcdVersion, hasSince } from './version.ts';
import type { Problems } from '../model/settings-problem.ts';

type Side = 'client' | 'peer';

/** Settings that etcd takes and that change nothing. */
export function findUselessSettings(settings: MemberSettings, version: EtcdVersion): Problems {
  return [
    ...(['client', 'peer'] as const).flatMap((side) => [
      ...withPlaintext(settings, side, version),
      ...withGenerated(settings, side, version),
      ...withoutAuthentication(settings, side, version),
    ]),
    ...tls13Suites(settings, version),
    ...whitelist(settings, version),
  ];
}

/** etcd says so itself, for each http URL (embed/etcd.go). */
function withPlaintext(settings: MemberSettings, side: Side, version: EtcdVersion): Problems {
  const tls = settings[side];
  const pair = tls.certFile ?? tls.keyFile;
  const zap = logsThroughZap(settings, version);
  return effectiveTls(settings, side, version).plaintextUrls.flatMap(({ text }) => {
    const says = plaintextWords(side, text, zap, version);
    const where = { url: text };
    return [
      ...(pair === undefined
        ? []
        : [problem('without-effect', pair, 'plaintext-files', says.pair, where)]),
      ...(asksLiterally(tls)
        ? [
            problem(
              'without-effect',
              tls.clientCertAuth,
              'plaintext-authentication',
              says.authentication,
              where,
            ),
          ]
        : []),
    ];
  });
}

function plaintextWords(side: Side, url: string, zap: boolean, version: EtcdVersion) {
  const flag = side === 'client' ? '--client-cert-auth' : '--peer-client-cert-auth';
  if (!zap) {
    // The client's message says "peer key/cert files" too, but "Ignored key/cert files".
    const ignored = side === 'client' ? 'key/cert files' : 'peer key/cert files';
    return {
      pair: `The scheme of ${side} url ${url} is HTTP while peer key/cert files are presented. Ignored ${ignored}.`,
      authentication: `The scheme of ${side} url ${url} is HTTP while client cert auth (${flag}) is enabled. Ignored client cert auth for this url.`,
    };
  }
  const scheme = side === 'client' && hasSince(version, ['3.5.13']) ? 'http or unix' : 'HTTP';
  return {
    pair: `scheme is ${scheme} while key and cert files are present; ignoring key and cert files`,
    authentication: `scheme is ${scheme} while ${flag} is enabled; ignoring client cert auth for this URL`,
  };
}

function withGenerated(settings: MemberSettings, side: Side, version: EtcdVersion): Problems {
  const tls = settings[side];
  if (tls.autoTls?.value !== true) return [];

  if (tls.certFile !== undefined || tls.keyFile !== undefined) {
    const says = `ignoring ${side} auto TLS since certs given`;
    return [problem('without-effect', tls.autoTls, 'certificate-beside-auto-tls', says)];
  }
  if (effectiveTls(settings, side, version).encryptedUrls.length === 0) return [];
  const flag = side === 'client' ? 'auto-tls' : 'peer-auto-tls';
  return droppedByGenerating(tls).map((setting) =>
    problem('without-effect', setting, 'auto-tls', undefined, { flag }),
  );
}

function droppedByGenerating(tls: TlsSettings): readonly Setting<unknown>[] {
  const lists = [tls.allowedCns, tls.allowedHostnames].filter((list) => list?.value.length !== 0);
  return [
    tls.trustedCaFile,
    tls.clientCertAuth?.value === true ? tls.clientCertAuth : undefined,
    tls.crlFile,
    ...lists,
  ].filter((setting) => setting !== undefined);
}

/** Allowed names of peers still apply to the members that this one connects to. */
function withoutAuthentication(
  settings: MemberSettings,
  side: Side,
  version: EtcdVersion,
): Problems {
  const tls = settings[side];
  const effective = effectiveTls(settings, side, version);
  if (effective.certificate !== 'files' || clientAuthentication(tls, version) !== 'none') return [];

  const names = side === 'client' ? [tls.allowedCns, tls.allowedHostnames] : [];
  const idle = [tls.crlFile, ...names].filter((setting) => setting !== undefined);
  // Up to 3.3 a CA file alone requests no certificate.
  const ca = tls.trustedCaFile !== undefined && side === 'client' ? [tls.trustedCaFile] : [];
  return [...idle, ...ca].map((setting) =>
    problem('without-effect', setting, 'no-client-authentication', undefined, { listener: side }),
  );
}

/** Go does not let TLS 1.3 suites be chosen. */
function tls13Suites({ cipherSuites }: MemberSettings, version: EtcdVersion): Problems {
  const idle = cipherSuites?.value.filter((name) => cipherSuite(name, version)?.tls13 === true);
  if (cipherSuites === undefined || idle === undefined || idle.length === 0) return [];
  const names = idle.join(', ');
  return [problem('without-effect', cipherSuites, 'tls-1.3-suites', undefined, { names })];
}

/** Looked at for HTTP/1 in clear only (embed/serve.go accessController). */
function whitelist(settings: MemberSettings, version: EtcdVersion): Problems {
  const { hostWhitelist } = settings;
  if (hostWhitelist === undefined || hostWhitelist.value.includes('*')) return [];
  if (effectiveTls(settings, 'client', version).plaintextUrls.length > 0) return [];
  return [problem('without-effect', hostWhitelist, 'no-plaintext-clients')];
}
