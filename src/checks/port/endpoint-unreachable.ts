import { type Front, frontAt } from '../../deployment/fronts.ts';
import { listedMembers } from '../../deployment/member-lists.ts';
import { defineCheck, fail, inconclusive, pass, type Verdict } from '../../model/check.ts';
import {
  type EndpointObservation,
  isAt,
  isUnreachableButUsed,
  type SeenEndpoint,
  type Stage,
} from '../../model/live.ts';
import { causeInWords, diagnoseAttempt } from '../support/live-diagnosis.ts';
import type { Surroundings } from '../support/served-chain.ts';
import { because as codeOf } from '../support/unanswered.ts';
import { spoken } from '../support/when.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { portNamed } from '../support/subjects.ts';

export const endpointUnreachable = defineCheck({
  id: 'endpoint-unreachable',
  title: 'Endpoint cannot be reached',
  severity: 'high',
  decidedBy: 'observation',
  effect: 'stops-connections',
  rationale:
    'Nothing answers at the endpoint, so nothing about its certificates was verified. A member that is ' +
    'down costs part of the quorum; a wrong address affects every client that uses it.',
  remediation:
    'Check the network before the certificates: is etcd running on the host (`systemctl status etcd`), ' +
    'does it listen on that address (`ss -ltnp`), does a firewall allow this host?',
  references: [etcdRuntimeReconfiguration],

  needs: ['endpoints'],
  welcomes: [
    'forecast',
    'files',
    'members',
    'clients',
    'processes',
    'admissions',
    'memberLists',
    'statuses',
  ],

  targets: ({ endpoints }) => endpoints,

  examine(observed, { facts, now }) {
    const verdict = reached(observed, { facts, now });
    return observed.assumed === true && verdict.status === 'fail'
      ? inconclusive(
          `no settings name ${observed.target.name}, which was assumed, and ${verdict.message}`,
          'name the client URLs in `--endpoints`, or give the etcd settings',
        )
      : verdict;
  },
});

interface Circumstances {
  readonly facts: Surroundings & { readonly endpoints: readonly EndpointObservation[] };
  readonly now: Date;
}

function reached(observed: EndpointObservation, { facts, now }: Circumstances): Verdict {
  const { stages, endpoint } = observed;
  const front = frontAt(endpoint.url, facts);
  if (front?.kind === 'another-service') return isNoEtcd(endpoint, front);
  if (isUnlikeEtcd(observed)) return isNotKnown(observed);
  if (hasAnswered(observed)) return pass;

  if (isTlsBehindHttp(observed)) return wrongScheme(observed);
  if (speaksSomethingElse(observed)) return isNoTls(observed, { facts, now });

  const failed = stages.find(({ outcome }) => outcome === 'failed');
  return (
    tooBusy(failed, observed.lagMilliseconds) ??
    outOfReach(observed, failed, facts) ??
    unreachable(observed, failed, { facts, now })
  );
}

function unreachable(
  observed: EndpointObservation,
  failed: Stage | undefined,
  { facts, now }: { readonly facts: Surroundings; readonly now: Date },
): Verdict {
  const { addresses } = observed;
  const diagnosis = diagnoseAttempt(observed, undefined, facts, now);
  const at = addresses.length > 0 ? [`the address is ${addresses.join(', ')}`] : [];
  return fail({
    message: whatHappened(observed, failed?.code),
    expected: 'a TLS server',
    actual: howItFailed(failed),
    cause: [...at, causeInWords(diagnosis)].join('\n'),
    fix:
      (diagnosis.cause === 'NET' ? fixOf(observed, failed?.code) : undefined) ?? diagnosis.remedy,
  });
}

/**
 * Deadlines give back the time in which this process was too busy, up to a limit. Only where most of the
 * time went there, which is beyond that limit, the time-out says nothing of the endpoint.
 */
function tooBusy(failed: Stage | undefined, lagMilliseconds = 0): Verdict | undefined {
  if (failed?.code !== 'TIMEOUT' || lagMilliseconds < failed.milliseconds * 0.75) return undefined;
  return inconclusive(
    `this host was too busy to read responses for ${spoken(lagMilliseconds)}: use fewer connections at a time ` +
      '(`--concurrency`) or a longer `--timeout`',
  );
}

/** Firewalls often let only members to peer and metrics ports; and one of several addresses may be of no use. */
function outOfReach(
  observed: EndpointObservation,
  failed: Stage | undefined,
  facts: Circumstances['facts'],
): Verdict | undefined {
  if (!isUnreachableButUsed(observed)) return undefined;
  const { endpoint, target } = observed;
  const { host, address } = endpoint;
  if (address !== undefined) {
    if (isMissed(endpoint, failed, facts)) return undefined;
    return inconclusive(
      `${host} also resolves to ${address}, where nothing could be connected to${codeOf(failed?.code)}`,
      `run \`verify\` on a host that can reach ${target.name}, or remove the address from the name`,
    );
  }
  return inconclusive(
    `the ${endpoint.serves} port ${target.name} cannot be reached from here${codeOf(failed?.code)}`,
    `run \`verify\` on a host that can reach ${target.name}`,
  );
}

/** Clients wait at an address that is silent; at one that refuses, a listed member is down. */
function isMissed(
  endpoint: SeenEndpoint,
  failed: Stage | undefined,
  facts: Circumstances['facts'],
): boolean {
  if (failed?.code === 'TIMEOUT') return !isPassedOver(endpoint, facts.endpoints);
  return failed?.code === 'ECONNREFUSED' && isAdvertised(endpoint, facts);
}

/**
 * Go connects to the addresses of one family in turn and waits at each, the first of two half of its time; an
 * address of the other family gets its try after 300 ms (net.Dialer.FallbackDelay).
 */
function isPassedOver(silent: SeenEndpoint, endpoints: readonly EndpointObservation[]): boolean {
  return endpoints.some(
    ({ endpoint, speaks }) =>
      speaks !== 'unreachable' &&
      endpoint.host === silent.host &&
      endpoint.port === silent.port &&
      endpoint.address?.includes(':') !== silent.address?.includes(':'),
  );
}

/** A member that advertises the very address does not serve it, whichever name leads there. */
function isAdvertised(
  { address = '', port }: SeenEndpoint,
  { memberLists = [] }: Surroundings,
): boolean {
  return listedMembers(memberLists)
    .flatMap(({ clientUrls }) => clientUrls)
    .some((url) => isAt({ host: address, port }, { url }));
}

function isNoEtcd(endpoint: SeenEndpoint, { because }: Front): Verdict {
  return fail({
    message: `another service answers on ${portNamed(endpoint)}, not etcd`,
    expected: 'etcd',
    actual: because,
    fix: 'Correct the endpoint, or the route from the proxy or load balancer to etcd: it accepts TLS and does not forward the request.',
  });
}

/** A handshake that begins and breaks off shows no certificate either. */
function hasAnswered(observed: EndpointObservation): boolean {
  const { speaks, flight } = observed;
  if (isTlsBehindHttp(observed) || speaksSomethingElse(observed)) return false;
  if (observed.endpoint.scheme === 'http' && observed.plaintext === 'answered') return true;
  if (speaks === 'tls') return flight !== undefined;
  if (speaks === 'tls-alert') return flight !== undefined;
  return !['unreachable', 'silence', 'closed', 'reset'].includes(speaks);
}

/** The URL says http, and a client that believes it is hung up on. */
function isTlsBehindHttp({ speaks, endpoint, plaintext }: EndpointObservation): boolean {
  const speaksTls = speaks === 'tls' || speaks === 'tls-alert';
  return endpoint.scheme === 'http' && speaksTls && plaintext !== 'answered';
}

/** What to do about the network or the host where the code says more than the usual remedy. */
function fixOf({ endpoint, speaks }: EndpointObservation, code = ''): string | undefined {
  const { port, address, host } = { ...endpoint, host: endpoint.address ?? endpoint.host };
  if (code === 'ECONNREFUSED') {
    return (
      `Check on ${host} whether etcd is running (\`systemctl status etcd\`). If not, its last log lines say why: ` +
      '`journalctl -u etcd -n 50 | etcd-tls-audit explain -`. If it is, compare port ' +
      `${port} with \`ss -ltnp\` and \`--listen-client-urls\`.`
    );
  }
  if (code === 'TIMEOUT') {
    return (
      `Check on ${host} whether etcd is running and the host is overloaded (\`systemctl status etcd\`, ` +
      '`uptime`), whether a firewall drops packets, and whether the path loses packets of full size ' +
      `(\`ping -M do -s 1472 ${host}\`). On a slow link use \`--timeout 30s\`.` +
      (speaks === 'silence'
        ? ' The log of etcd says whether it waits for a quorum: `journalctl -u etcd -n 50 | etcd-tls-audit explain -`.'
        : '') +
      (address === undefined
        ? ''
        : ` Remove the address from ${endpoint.host} if it is out of use.`)
    );
  }
  return undefined;
}

/** Where etcd itself answers without TLS, that is a finding of its own. A URL of http says that there is no TLS. */
function speaksSomethingElse({ speaks, endpoint, plaintext }: EndpointObservation): boolean {
  const isOther =
    ['ssh', 'unknown'].includes(speaks) ||
    (endpoint.scheme === 'https' && ['http1', 'http2'].includes(speaks));
  return isOther && plaintext !== 'answered';
}

/** `etcd grpc-proxy` has no such page either. */
function isUnlikeEtcd({ endpoint, plaintext }: EndpointObservation): boolean {
  return (
    endpoint.scheme === 'http' && endpoint.serves === 'client' && plaintext === 'another-service'
  );
}

function isNotKnown({ endpoint, target: { name: url } }: EndpointObservation): Verdict {
  return inconclusive(
    `${portNamed(endpoint)} answers GET /version, and not as etcd does: a metrics port, a proxy or another service`,
    `the client URL of a member instead of ${url}, if \`curl ${url}/version\` does not print the release of etcd`,
  );
}

function isNoTls(
  observed: EndpointObservation,
  { facts, now }: { readonly facts: Surroundings; readonly now: Date },
): Verdict {
  const diagnosis = diagnoseAttempt(observed, undefined, facts, now);
  const expected = observed.endpoint.scheme === 'https' ? 'TLS' : 'HTTP';
  return fail({
    message: `${portNamed(observed.endpoint)} does not speak ${expected}`,
    expected,
    actual: observed.sample ?? observed.speaks,
    cause: causeInWords(diagnosis),
    fix: diagnosis.remedy,
  });
}

function howItFailed(failed: Stage | undefined): string {
  const { name = 'connect', code, milliseconds = 0 } = failed ?? {};
  return `${name} failed${code === undefined ? '' : ` with ${code}`} after ${milliseconds} ms`;
}

function wrongScheme({ endpoint, target: { name: url } }: EndpointObservation): Verdict {
  return fail({
    message: `${portNamed(endpoint)} speaks TLS, but its URL starts with http://`,
    expected: url.replace('http:', 'https:'),
    actual: url,
    fix: 'Use https:// in the endpoint, and give the client a CA file.',
  });
}

function whatHappened({ speaks, endpoint }: EndpointObservation, code = ''): string {
  const port = portNamed(endpoint);
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) return `the host name ${endpoint.host} cannot be resolved`;
  if (code === 'ECONNREFUSED') return `no process listens on ${port}`;
  if (speaks === 'tls-alert') return `${port} rejects every handshake with a TLS alert`;
  if (speaks === 'tls') return `${port} starts a handshake and does not complete it`;
  if (speaks === 'silence') return `${port} accepts connections and sends nothing`;
  if (speaks === 'closed' || speaks === 'reset')
    return `${port} closes connections without a message`;
  if (endpoint.address !== undefined)
    return `${port} does not answer; clients that try ${endpoint.address} first for ${endpoint.host} time out`;
  return `${port} does not answer`;
}
