import type { Endpoint, MemberListObservation, StatusObservation } from '../../model/live.ts';
import { currentGo } from '../../pki/go-release.ts';
import { parseCertificate } from '../../pki/parse-certificate.ts';
import { readPem } from '../../pki/pem.ts';
import { type ReadyCredential, usable } from './credentials.ts';
import type { Deadline } from './deadline.ts';
import type { LiveContext, Row } from './row.ts';

/** What the cluster said through either client library; empty where there is nobody to ask. */
export interface ClusterFacts {
  readonly memberList?: MemberListObservation;
  readonly ordinary?: MemberListObservation | undefined;
  readonly status?: StatusObservation;
}

/** gRPC is on client ports alone; it is loaded when the first of them has shown that it lives. */
export async function askCluster(
  { observation, address, context, deadline }: Row,
  credential: ReadyCredential | undefined,
): Promise<ClusterFacts> {
  const { endpoint } = observation;
  if (endpoint.serves !== 'client' || credential?.unusable !== undefined) return {};
  const { host } = endpoint;
  const tls = credential && { context: credential.context('any'), host };
  await context.surfaces.quiet();
  const { observeCluster } = await import('../rpc/cluster-calls.ts');
  const [answers, ordinary] = await Promise.all([
    observeCluster(
      endpoint,
      { address, host, ...(tls && { tls }), ...commonNameOf(credential) },
      deadline,
    ),
    askThroughEtcd3(endpoint, context, deadline),
  ]);
  return { ...answers, ordinary };
}

/** The name that etcd takes from the certificate: that of the leaf, which stands first. */
function commonNameOf(credential: ReadyCredential | undefined): { commonName?: string } {
  if (credential?.pem === undefined) return {};
  const leaf = readPem(Buffer.from(credential.pem.certificate), currentGo).find(
    ({ type }) => type === 'CERTIFICATE',
  );
  const parsed = leaf && parseCertificate(leaf.bytes);
  const commonName = parsed?.ok === true ? parsed.certificate.subject.commonName : undefined;
  return commonName === undefined || commonName === '' ? {} : { commonName };
}

async function askThroughEtcd3(
  endpoint: Endpoint,
  { rootCertificate, client }: LiveContext,
  deadline: Deadline,
): Promise<MemberListObservation | undefined> {
  if (endpoint.scheme === 'https' && rootCertificate === undefined) return undefined;
  const pem = usable(client)?.pem;
  const credentials =
    endpoint.scheme === 'https' && rootCertificate !== undefined
      ? { rootCertificate, ...(pem && { pem }) }
      : undefined;
  const { observeThroughEtcd3 } = await import('../rpc/ordinary-client.ts');
  return await observeThroughEtcd3(endpoint, credentials, deadline);
}
