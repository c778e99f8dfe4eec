import { defineCheck, fail, pass } from '../../model/check.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';
import { listedMembers, nameOf } from '../../deployment/member-lists.ts';
import { showNames } from '../../deployment/names.ts';
import { whyAndHow } from '../support/live-diagnosis.ts';
import { aboutName } from '../../model/about.ts';
import { etcdRuntimeReconfiguration, goX509 } from '../support/references.ts';
import { hostOf, isHttps } from '../../model/host.ts';
import { isAt } from '../../model/live.ts';

export const advertisedUrlNotServed = defineCheck({
  id: 'advertised-url-not-served',
  title: 'Served certificate does not name the advertised host',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'Peers and clients that sync their endpoints connect to the URLs in the member list and look for that ' +
    'host in the served certificate. If it is missing they reject the member, even if the endpoint given ' +
    'to this audit works.',
  remediation:
    'Reissue the certificate with the advertised host as IP or DNS SAN, or correct the advertised URL.',
  references: [etcdRuntimeReconfiguration, goX509],

  explains: ['x509.host-name', 'x509.common-name-only'],
  needs: ['endpoints', 'memberLists'],
  welcomes: ['files', 'members', 'clients', 'forecast', 'processes'],

  // A certificate that is among the files is judged there already.
  targets: ({ endpoints, memberLists, files = [] }) => {
    const inFiles = new Set(
      files.flatMap(({ blocks }) =>
        blocks.flatMap((block) => (block.kind === 'certificate' ? [block.certificate.sha256] : [])),
      ),
    );
    return listedMembers(memberLists).flatMap((listed) =>
      endpoints.flatMap((observed) => {
        const { endpoint, flight, target } = observed;
        const urls = (endpoint.serves === 'peer' ? listed.peerUrls : listed.clientUrls).filter(
          isHttps,
        );
        const [leaf] = flight?.chain ?? [];
        const isIts =
          endpoint.member === listed.name || urls.some((url) => isAt(endpoint, { url }));
        return leaf === undefined || !isIts || inFiles.has(leaf.sha256)
          ? []
          : [{ target, urls, leaf, listed, observed }];
      }),
    );
  },

  examine({ urls, leaf, listed, observed }, { facts, now }) {
    const hosts = [...new Set(urls.map((url) => hostOf(url) ?? ''))];
    const missing = hosts.flatMap((host) => {
      const said = verifyHostName(leaf, host, currentGo);
      return said === undefined ? [] : [{ host, said: `clients and peers report: ${said}` }];
    });
    const [first] = missing;
    if (first === undefined) return pass;

    const isDialled = missing.some(({ host }) => host === observed.endpoint.host);
    return fail({
      about: missing.map(({ host }) => aboutName(leaf, host)),
      message: `the certificate served by ${nameOf(listed)} does not name a host that it advertises`,
      expected: urls.join(', '),
      actual: showNames(leaf),
      ...(isDialled ? whyAndHow(observed, first.said, facts, now) : { cause: first.said }),
    });
  },
});
