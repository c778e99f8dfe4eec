import { writeFile } from 'node:fs/promises';
import { render } from '../../../src/report/index.ts';
import { plainStyle } from '../../../src/report/style.ts';
import { everyVerdict } from '../../report/every-verdict.ts';
import { directoryWith } from '../../support/directory.ts';
import { seedDropIn, seedFiles } from '../../support/seed-set.ts';
import { withAccidents } from '../accidents.ts';
import { checkCommand } from '../command.ts';
import { mutateJson } from '../mutate-json.ts';
import { secretPieces, wholeSecrets } from '../secrets.ts';
import { type FuzzTarget, tried } from '../target.ts';

const waivers = [
  {
    check: 'client-port-admits-anonymous',
    target: 'https://10.0.0.1:2379',
    reason: 'behind a firewall',
    owner: 'team',
    expires: '2027-01-31',
  },
];

/** Waivers and baselines with accidents: refused with a place and a hint, or a set is judged by them. */
export const judgements: FuzzTarget = {
  name: 'judgements',
  mostMilliseconds: 5000,
  inputs: 200,
  async prepare() {
    const set = await directoryWith({
      'set/10-etcd-member.conf': seedDropIn,
      'set/ca_cert.pem': (await seedFiles())['ca_cert.pem'] ?? '',
    });
    const baseline: unknown = JSON.parse(await render('json', everyVerdict, plainStyle));
    const samples = [
      ['--waivers', waivers],
      ['--waivers', { waivers }],
      ['--baseline', baseline],
    ] as const;
    const file = set.at('judgement');
    return async (random) => {
      const [option, whole] = random.pick(samples);
      const mutated = JSON.stringify(mutateJson(whole, random), null, 1);
      const text =
        random.below(3) === 0
          ? withAccidents(mutated, ['\n', '- ', ': ', '"', '{', ...secretPieces], random)
          : mutated;
      await writeFile(file, text);
      const format = random.pick(['json', 'markdown', 'sarif', 'text']);
      return tried(text, () =>
        checkCommand(
          ['check', set.at('set'), option, file, '--report', format],
          wholeSecrets(text),
        ),
      );
    };
  },
};
