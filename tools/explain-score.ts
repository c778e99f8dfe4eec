import { readFile } from 'node:fs/promises';
import { explainSymptom } from '../src/diagnoses/explain.ts';

/** Scores `explain` on a file of reported cases: the top cause against the one that was found there. */
interface ReportedCase {
  readonly id: string;
  readonly etcd?: string;
  readonly symptom: string;
  readonly cluster: string;
  /** R stated by reporter or maintainer, E inferred, U unsettled. */
  readonly conf: string;
}

/** Reports count names that do not resolve among the network; here they are told apart. */
const wider: ReadonlyMap<string, string> = new Map([['DNS', 'NET']]);

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: npm run explain-score -- CASES.json\n');
  process.exit(2);
}

const cases = readCases(JSON.parse(await readFile(file, 'utf8')));
const scored = cases.map((reported) => {
  const explanation = explainSymptom(reported.symptom, reported.etcd);
  const { cause } = explanation;
  return {
    ...reported,
    named: cause,
    isRight: [cause, wider.get(cause)].includes(reported.cluster),
  };
});

for (const { id, cluster, named, isRight, symptom } of scored) {
  if (!isRight)
    process.stdout.write(`${id}  ${cluster} named ${named}: ${symptom.slice(0, 100)}\n`);
}
for (const confidence of ['R', 'E', 'U', 'all'] as const) {
  const group = scored.filter(({ conf }) => confidence === 'all' || conf === confidence);
  const right = group.filter(({ isRight }) => isRight).length;
  const percent = group.length === 0 ? 0 : Math.round((100 * right) / group.length);
  process.stdout.write(`${confidence}: ${right} of ${group.length} (${percent} %)\n`);
}

/** Takes the fields that scoring needs, and refuses a file of another form. */
function readCases(value: unknown): readonly ReportedCase[] {
  if (!Array.isArray(value)) throw new TypeError('the file must hold a JSON array of cases');
  return value.map((entry: unknown) => {
    const fields = new Map<string, unknown>(Object.entries(Object(entry)));
    const etcd = fields.get('etcd');
    return {
      id: String(fields.get('id')),
      symptom: String(fields.get('symptom')),
      cluster: String(fields.get('cluster')),
      conf: String(fields.get('conf')),
      ...(typeof etcd === 'string' && { etcd }),
    };
  });
}
