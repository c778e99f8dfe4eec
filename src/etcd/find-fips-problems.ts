import type { MemberSettings } from '../model/settings.ts';
import type { Problems } from '../model/settings-problem.ts';
import { goDebugValue } from './go-debug.ts';
import { runsOnGo } from './go-release-of.ts';
import { problem, refuse } from './settings-problem.ts';
import type { EtcdVersion } from './version.ts';

/** What Go's FIPS 140-3 mode does before etcd reads anything: it panics over a mode that it does not know. */
export function findUnknownFipsMode(settings: MemberSettings, version: EtcdVersion): Problems {
  const { mode, setting } = modeIn(settings);
  if (setting === undefined || mode === undefined || !runsOnGo(version, '1.24')) return [];
  if (['', 'off', 'on', 'only', 'debug'].includes(mode)) return [];
  const says = `panic: fips140: unknown GODEBUG setting fips140=${mode}`;
  return refuse(setting, 'unknown-fips-mode', says);
}

/**
 * etcd makes the ids of members with SHA-1 when it first starts with a data directory. 3.5.16 and 3.5.30
 * were seen to panic then, and to start again where a data directory was there.
 */
export function findFipsProblems(settings: MemberSettings, version: EtcdVersion): Problems {
  return [...sha1Refused(settings, version), ...buildVariable(settings)];
}

function sha1Refused(settings: MemberSettings, version: EtcdVersion): Problems {
  const { mode, setting } = modeIn(settings);
  if (setting === undefined || mode !== 'only' || !runsOnGo(version, '1.24')) return [];
  const says = 'panic: crypto/sha1: use of SHA-1 is not allowed in FIPS 140-only mode';
  return refuse(setting, 'sha-1-forbidden', says);
}

/** GOFIPS140 is an instruction to `go build` (https://go.dev/doc/security/fips140). */
function buildVariable({ processEnvironment }: MemberSettings): Problems {
  const setting = processEnvironment['GOFIPS140'];
  if (setting === undefined) return [];
  return [problem('without-effect', setting, 'fips-at-run-time')];
}

function modeIn({ processEnvironment }: MemberSettings) {
  const setting = processEnvironment['GODEBUG'];
  return { setting, mode: goDebugValue(setting?.value, 'fips140') };
}
