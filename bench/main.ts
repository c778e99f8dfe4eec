import { parseArgs } from 'node:util';
import { benchCheckSeed } from './check-seed.ts';
import { benchExplain } from './explain-log.ts';
import { benchHostileServers } from './hostile-servers.ts';
import { benchManyEndpoints } from './many-endpoints.ts';
import { benchManyCertificates } from './many-certificates.ts';
import { benchManyMembers } from './many-members.ts';
import { showMachine } from './measure.ts';
import { benchOtherTools } from './other-tools.ts';
import { benchVerify } from './verify-cluster.ts';

const benches = {
  check: benchCheckSeed,
  many: benchManyCertificates,
  members: benchManyMembers,
  verify: benchVerify,
  endpoints: benchManyEndpoints,
  hostile: benchHostileServers,
  explain: benchExplain,
  others: benchOtherTools,
} as const;

showMachine('etcd-tls-audit: how long things take, and compared with what');
// `--against DIRECTORY`: a clone of another release, built, which takes its turn in the bench of `check`.
const { values, positionals: asked } = parseArgs({
  options: { against: { type: 'string' } },
  allowPositionals: true,
});
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length === 0 || asked.includes(name)) await bench(values.against);
}
