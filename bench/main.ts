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
const asked = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length === 0 || asked.includes(name)) await bench();
}
