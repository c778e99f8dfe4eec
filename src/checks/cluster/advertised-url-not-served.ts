import { defineCheck, fail, pass } from '../../model/check.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';
import { listedMembers, nameOf } from '../../deployment/member-lists.ts';
import { showNames } from '../../deployment/names.ts';
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

  needs: ['endpoints', 'memberLists'],
  welcomes: ['files'],

  // A certificate that is among the files is judged there already.
  targets: ({ endpoints, memberLists, files = [] }) => {
    const inFiles = new Set(
      files.flatMap(({ blocks }) =>
        blocks.flatMap((block) => (block.kind === 'certificate' ? [block.certificate.sha256] : [])),
      ),
    );
    return listedMembers(memberLists).flatMap((listed) =>
      endpoints.flatMap(({ endpoint, flight, target }) => {
        const urls = (endpoint.serves === 'peer' ? listed.peerUrls : listed.clientUrls).filter(
          isHttps,
        );
        const [leaf] = flight?.chain ?? [];
        const isIts =
          endpoint.member === listed.name || urls.some((url) => isAt(endpoint, { url }));
        return leaf === undefined || !isIts || inFiles.has(leaf.sha256)
          ? []
          : [{ target, urls, leaf, listed }];
      }),
    );
  },

  examine({ urls, leaf, listed }) {
    const refusals = urls.flatMap(
      (url) => verifyHostName(leaf, hostOf(url) ?? '', currentGo) ?? [],
    );
    const [first] = refusals;
    if (first === undefined) return pass;

    return fail({
      message: `the certificate served by ${nameOf(listed)} does not name a host that it advertises`,
      expected: urls.join(', '),
      actual: showNames(leaf),
      cause: `clients and peers report: ${first}`,
    });
  },
});
