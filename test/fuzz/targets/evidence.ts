import { judgeDeployment } from '../../../src/audit.ts';
import { collect } from '../../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../../src/collect/evidence-file.ts';
import { initialInventory } from '../../../src/collect/init.ts';
import { certificatesIn } from '../../../src/deployment/certificate-uses.ts';
import { deploymentOf } from '../../../src/deployment/deployment.ts';
import { InputError } from '../../../src/input-error.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { escapeJson } from '../../../src/report/escape.ts';
import { liveFixtures } from '../../fixtures/live.ts';
import { Random } from '../../oracle/random.ts';
import { directoryWith } from '../../support/directory.ts';
import { seedDropIn, seedFiles } from '../../support/seed-set.ts';
import { undeployed } from '../../support/seen.ts';
import { mutateJson } from '../mutate-json.ts';
import { checkReport, checkText } from '../check-report.ts';
import { secretPieces, textsIn, wholeSecrets } from '../secrets.ts';
import { type FuzzTarget, tried } from '../target.ts';

/** Saved evidence with accidents: it is refused with a reason, or judged without any. */
export const evidence: FuzzTarget = {
  name: 'evidence',
  mostMilliseconds: 5000,
  inputs: 80,
  async prepare() {
    const whole: unknown = JSON.parse(serializeEvidence(await wholeEvidence()));
    // Refused as it stands, it would prove nothing.
    await judge(JSON.stringify(whole), new Random(0));
    return (random) => {
      const mutated = mutateJson(whole, random, secretPieces);
      const text = JSON.stringify(mutated);
      return tried(
        text,
        () => judge(text, random, wholeSecrets(textsIn(mutated))),
        (error) => error instanceof InputError,
      );
    };
  },
};

async function judge(text: string, random: Random, secrets: readonly string[] = []): Promise<void> {
  const parsed = parseEvidence(text, 'evidence.json');
  checkText('evidence', escapeJson(serializeEvidence(parsed)), secrets);
  const deployment = deploymentOf(parsed);
  checkText('inventory', escapeJson(JSON.stringify(initialInventory(deployment))), secrets);
  await checkReport(judgeDeployment(deployment), random, secrets);
}

/** Every fact that there is: the files of the seed document, and what the fixtures of live checks show. */
async function wholeEvidence(): Promise<Evidence> {
  await using set = await directoryWith({
    ...(await seedFiles()),
    '10-etcd-member.conf': seedDropIn,
    'broken.pem': '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',
    'etcd-tls.yaml':
      'version: 1\nclients:\n  - name: backup\n    endpoints: ["https://10.0.0.1:2379"]\n',
  });
  const collected = await collect({ paths: [set.path], maps: [] });
  const chain = (collected.facts.files ?? []).flatMap(certificatesIn).slice(0, 2);
  const seen = Object.values(liveFixtures).flatMap(({ broken, sound }) => [broken, sound]);
  return {
    ...collected,
    facts: {
      ...collected.facts,
      ...undeployed({
        // The certificates of fixtures are not what their DER says, for which evidence is refused.
        endpoints: seen.flatMap(({ endpoints = [] }) =>
          endpoints.map((each) =>
            each.flight === undefined ? each : { ...each, flight: { ...each.flight, chain } },
          ),
        ),
        admissions: seen.flatMap(({ admissions = [] }) => admissions),
        memberLists: seen.flatMap(({ memberLists = [] }) => memberLists),
        statuses: seen.flatMap(({ statuses = [] }) => statuses),
        offers: seen.flatMap(({ offers = [] }) => offers),
        processes: seen.flatMap(({ processes = [] }) => processes),
      }),
    },
  };
}
