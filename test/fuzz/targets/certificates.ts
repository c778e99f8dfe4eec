import { createPrivateKey, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { judge } from '../../../src/audit.ts';
import { collect } from '../../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../../src/collect/evidence-file.ts';
import { certificateDetails } from '../../../src/deployment/certificate-detail.ts';
import { deploymentOf } from '../../../src/deployment/deployment.ts';
import { children, encode, toPem } from '../../../testcluster/issue/der.ts';
import { currentGo } from '../../../src/pki/go-release.ts';
import { certificateFormats } from '../../../src/report/certificates/formats.ts';
import { renderCertificates } from '../../../src/report/certificates/index.ts';
import { plainStyle } from '../../../src/report/style.ts';
import type { Random } from '../../oracle/random.ts';
import { directoryWith } from '../../support/directory.ts';
import { fromPem, issueAuthority } from '../../support/pki.ts';
import { seedDropIn, seedScript } from '../../support/seed-set.ts';
import { withAccidents } from '../accidents.ts';
import { checkReport, checkText } from '../check-report.ts';
import { mutateDer } from '../mutate-der.ts';
import { type FuzzTarget, tried } from '../target.ts';

const signs = [
  '\n',
  '-----BEGIN CERTIFICATE-----\n',
  '-----END CERTIFICATE-----\n',
  '-----BEGIN RSA PRIVATE KEY-----\n',
  'Proc-Type: 4,ENCRYPTED\n',
  '-----',
  '=',
  '\ufeff',
];

/** A cluster with one to three of its files damaged: from the files to every format, and no key in any of them. */
export const certificates: FuzzTarget = {
  name: 'certificates',
  mostMilliseconds: 5000,
  inputs: 40,
  async prepare() {
    const { files, authorityKey, secrets } = await cluster();
    const set = await directoryWith(files);
    return async (random) => {
      const damaged = damage(files, authorityKey, random);
      await Promise.all(
        Object.entries(damaged).map(([name, text]) => writeFile(set.at(name), text)),
      );
      const length = await tried(Object.values(damaged).join('\n'), () =>
        checkSet(set.path, random, secrets),
      );
      await Promise.all(
        Object.keys(damaged).map((name) => writeFile(set.at(name), files[name] ?? '')),
      );
      return length;
    };
  },
};

async function checkSet(path: string, random: Random, secrets: readonly string[]): Promise<void> {
  const saved = serializeEvidence(await collect({ paths: [path], maps: [] }));
  checkText('evidence', saved, secrets);
  const evidence = parseEvidence(saved, 'evidence.json');
  await checkReport(judge(evidence), random, secrets);
  const { facts, collectedAt } = deploymentOf(evidence);
  const at = new Date(collectedAt);
  const list = {
    at: collectedAt,
    expiryWarningDays: 30,
    certificates: certificateDetails(facts, at, currentGo),
    isDetailed: true,
    notUnderstood: facts.notUnderstood ?? [],
  };
  for (const format of certificateFormats) {
    const text = renderCertificates(format, list, plainStyle);
    checkText(`certs ${format}`, text.replaceAll('\r\n', '\n'), secrets);
    if (format === 'json') JSON.parse(text);
  }
}

/** Two members, a client and a CRL, all of one CA under another, with the settings that name them. */
async function cluster() {
  const root = await issueAuthority({ commonName: 'root', pathLength: 1 });
  const authority = await issueAuthority({
    commonName: 'etcd-ca',
    issuedBy: root,
    nameConstraints: { permitted: { dnsNames: ['lan'] } },
  });
  const node = await authority.issue({ commonName: 'node1', hosts: ['10.0.0.1', 'node1.lan'] });
  const other = await authority.issue({
    commonName: 'node2',
    key: 'rsa-2048',
    hosts: ['10.0.0.2'],
  });
  const client = await authority.issue({ commonName: 'client', usages: ['clientAuth'] });
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'ca_cert.pem': root.certificatePem + authority.certificatePem,
    'node_1_cert.pem': node.certificatePem,
    'node_1_key_insecure.pem': node.privateKeyPem,
    'node_2_cert.pem': other.certificatePem,
    'node_2_key_insecure.pem': other.privateKeyPem,
    'client_cert.pem': client.certificatePem,
    'client_key_insecure.pem': client.privateKeyPem,
    'crl.pem': await authority.revoke(['01']),
    '10-etcd-member.conf': seedDropIn,
    'etcdctl.sh': seedScript,
  };
  const secrets = [root, authority, node, other, client].flatMap(({ privateKeyPem }) => {
    const { d = '' } = createPrivateKey(privateKeyPem).export({ format: 'jwk' });
    const number = Buffer.from(d, 'base64url');
    return [0, 1, 2].map((skipped) => number.subarray(skipped).toString('base64').slice(0, 20));
  });
  return { files, authorityKey: authority.privateKeyPem, secrets };
}

function damage(
  files: Readonly<Record<string, string | Uint8Array>>,
  authorityKey: string,
  random: Random,
): Readonly<Record<string, string>> {
  const names = Object.keys(files).filter((name) => name.endsWith('.pem'));
  const chosen = Array.from({ length: 1 + random.below(3) }, () => random.pick(names));
  return Object.fromEntries(
    chosen.map((name) => {
      const text = String(files[name]);
      if (random.below(4) === 0) return [name, withAccidents(text, signs, random)];
      const label = /BEGIN ([A-Z0-9 ]+)-/.exec(text)?.[1] ?? 'CERTIFICATE';
      const changed = mutateDer(fromPem(text), random);
      return [name, toPem(label, random.below(2) === 0 ? changed : signed(changed, authorityKey))];
    }),
  );
}

/** The same with a signature that fits, so that what stands behind the signature is judged too. */
function signed(der: Uint8Array, key: string): Uint8Array {
  const [toBeSigned, algorithm] = children(der);
  if (toBeSigned === undefined || algorithm === undefined) return der;
  const signature = sign('sha256', toBeSigned.bytes, key);
  return encode(0x30, toBeSigned.bytes, algorithm.bytes, encode(0x03, Uint8Array.of(0), signature));
}
