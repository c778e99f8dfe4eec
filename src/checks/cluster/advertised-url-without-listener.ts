import { parseEndpoint } from '../../model/host.ts';
import { reachOf } from '../../forecast/reach.ts';
import { aboutSetting } from '../../model/about.ts';
import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { etcdConfiguration } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const advertisedUrlWithoutListener = defineCheck({
  id: 'advertised-url-without-listener',
  title: 'Member advertises a client URL on which nothing listens',
  severity: 'high',
  effect: 'stops-connections',
  onceRunning: true,
  rationale:
    'Clients that read the member list, such as `etcdctl endpoint health --cluster` and all clients that ' +
    'sync their endpoints, connect to the advertised URLs and get "connection refused". etcd does not ' +
    'check them.',
  remediation:
    'Advertise an address and port of `--listen-client-urls`, or make etcd listen on the advertised URLs.',
  references: [etcdConfiguration],

  explains: ['network.nothing-listens'],
  decidedBy: 'forecast',
  needs: ['members'],
  welcomes: ['endpoints'],

  // An observed connection is better evidence than settings.
  targets: ({ members, endpoints = [] }) =>
    members
      .filter(({ known }) => known === 'settings' && endpoints.length === 0)
      .map((member) => {
        const { advertiseClientUrls } = member.settings;
        const location = advertiseClientUrls.origin.location ?? member.target.location;
        return { target: { ...member.target, ...(location && { location }) }, member };
      }),

  examine({ member }) {
    const { advertiseClientUrls, listenClientUrls } = member.settings;
    const urls = advertiseClientUrls.value.filter((url) => /^https?:/i.test(url));
    const reachable = (wanted: string) =>
      urls.filter((url) => reachOf(parseEndpoint(url, true), member, 'client') === wanted);
    const refused = reachable('nothing-listens');
    if (refused.length > 0) {
      return fail({
        about: ['advertise-client-urls', 'listen-client-urls'].map((flag) =>
          aboutSetting(member.name, flag),
        ),
        message: `${member.name} advertises ${enumerate(refused)} and does not listen there`,
        expected: enumerate(listenClientUrls.value),
        actual: enumerate(refused),
        cause: 'clients get: connect: connection refused',
      });
    }
    const unknown = reachable('unknown');
    if (unknown.length === 0) return pass;
    return inconclusive(
      `${member.name} advertises ${enumerate(unknown)} and listens on ${enumerate(listenClientUrls.value)}: how the two are connected was not given`,
      `run \`verify --endpoints ${unknown[0] ?? ''}\`, or advertise what the member listens on`,
    );
  },
});
