import { isUnseen } from '../../deployment/listeners.ts';
import { reachOf } from '../../forecast/reach.ts';
import { aboutEdge, aboutSetting } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';
import { isIpAddress, parseEndpoint } from '../../model/host.ts';
import type { Client, Member } from '../../model/inventory.ts';
import { enumerate } from '../../model/words.ts';
import { etcdConfiguration } from '../support/references.ts';

export const advertisedUrlOfAnotherScheme = defineCheck({
  id: 'advertised-url-of-another-scheme',
  title: 'Advertised client URL has another scheme than the listener',
  severity: 'high',
  effect: 'stops-connections',
  onceRunning: true,
  rationale:
    'Clients that read the member list, such as `etcdctl endpoint health --cluster` and everything that ' +
    'syncs its endpoints, connect to the advertised URLs. With `http://` they talk plain text to a port that ' +
    'accepts only TLS, with `https://` the other way round, and time out. etcd starts without a warning: it ' +
    'does not compare advertised URLs with listen URLs.',
  remediation: 'Write the scheme of `listen-client-urls` in `advertise-client-urls`.',
  references: [etcdConfiguration],

  explains: ['tls.plaintext-to-tls', 'tls.tls-to-plaintext'],
  needs: ['members', 'clients', 'forecast'],

  targets: ({ members, clients, forecast }) =>
    members
      .filter(({ known }) => known === 'settings')
      .filter((member) => !isUnseen(member, member.settings.advertiseClientUrls))
      .map((member) => {
        const { advertiseClientUrls } = member.settings;
        const location = advertiseClientUrls.origin.location ?? member.target.location;
        return {
          target: { ...member.target, ...(location && { location }) },
          member,
          following: clients.filter(({ endpoints }) => endpoints.origin.via === 'assumed'),
          forecast,
        };
      }),

  examine({ member, following, forecast }) {
    const { advertiseClientUrls, listenClientUrls } = member.settings;
    const wrong = advertiseClientUrls.value.filter((url) => isOfAnotherScheme(url, member));
    if (wrong.length === 0) return pass;

    return fail({
      about: [
        aboutSetting(member.name, 'advertise-client-urls'),
        ...forecast.filter((edge) => follows(edge, following, wrong)).map(aboutEdge),
      ],
      message: `${member.name} advertises ${enumerate(wrong)} and listens on ${enumerate(listenClientUrls.value)}`,
      expected: enumerate(wrong.map((url) => url.replace(/^https?/i, otherScheme))),
      actual: enumerate(wrong),
      cause: 'clients cannot connect to the advertised URLs, while etcd itself starts',
    });
  },
});

/** Whether the member listens at the address of this URL, with the other of the two schemes alone. */
function isOfAnotherScheme(url: string, member: Member): boolean {
  const address = parseEndpoint(url, true);
  if (!/^https?:/i.test(url) || reachOf(address, member, 'client') !== 'reached') return false;
  // A name may lead to a proxy that ends TLS before the member.
  if (schemeOf(url) === 'https' && !isIpAddress(address.host)) return false;
  const there = member.settings.listenClientUrls.value.filter(
    (listening) => parseEndpoint(listening, true).port === address.port,
  );
  return there.length > 0 && there.every((listening) => schemeOf(listening) !== schemeOf(url));
}

function schemeOf(url: string): string {
  return url.replace(/:.*$/s, '').toLowerCase();
}

function otherScheme(scheme: string): string {
  return scheme.toLowerCase() === 'http' ? 'https' : 'http';
}

/** A connection of a client that is taken to connect to what members advertise. */
function follows(
  { edge, from, to }: Edge,
  clients: readonly Client[],
  urls: readonly string[],
): boolean {
  return edge === 'client' && urls.includes(to) && clients.some(({ name }) => name === from);
}
