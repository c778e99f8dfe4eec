import type { MemberSettings, Setting } from '../model/settings.ts';
import type { Problems } from '../model/settings-problem.ts';
import { type RawSettings, textOf } from './raw-settings.ts';
import { problem } from './settings-problem.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';

/** Limits with which etcd runs and rejects what clients write, or cannot tell the cluster where clients reach it. */
export function findWriteLimits(
  settings: MemberSettings,
  version: EtcdVersion,
  raw: RawSettings,
): Problems {
  return [
    ...requestBytes(settings, version, raw),
    ...limit(raw, 'quota-backend-bytes', (quota, bytes) =>
      bytes > 0 && bytes <= emptyDatabase
        ? [problem('rejects-writes', quota, 'no-room-for-database', noSpace)]
        : [],
    ),
    ...limit(raw, 'max-txn-ops', (most, operations) =>
      operations === 0 ? [problem('rejects-writes', most, 'no-room-for-operation', tooMany)] : [],
    ),
  ];
}

const tooLarge = 'etcdserver: request is too large';
const noSpace = 'etcdserver: mvcc: database space exceeded';
const tooMany = 'etcdserver: too many operations in txn request';

/** Four pages of bbolt. As a quota, zero means 2 GiB and a negative number none. */
const emptyDatabase = 4 * 4096;

/** The shortest put in raft: a header with the id of the request, and a key of one byte. */
const shortestPut = 17;

function requestBytes(settings: MemberSettings, version: EtcdVersion, raw: RawSettings): Problems {
  return limit(raw, 'max-request-bytes', (most, bytes) => {
    if (isAtLeast(version, '3.6.0') && bytes < publication(settings)) {
      const says = 'failed to publish local member to cluster through raft';
      return [problem('rejects-writes', most, 'no-room-for-publication', says)];
    }
    return bytes < shortestPut
      ? [problem('rejects-writes', most, 'no-room-for-request', tooLarge)]
      : [];
  });
}

/** What 3.6 puts in a request of its own before it serves clients (etcdserver/server.go publishV3): at least so many bytes. */
function publication({ name, advertiseClientUrls }: MemberSettings): number {
  const urls = advertiseClientUrls.value.map((url) => url.length + 2);
  return 30 + (name?.value ?? '').length + urls.reduce((sum, length) => sum + length, 0);
}

function limit(
  raw: RawSettings,
  name: string,
  judge: (setting: Setting<string>, value: number) => Problems,
): Problems {
  const setting = textOf(raw, name);
  return setting === undefined ? [] : judge(setting, Number(setting.value));
}
