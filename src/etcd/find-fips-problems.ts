import type { MemberSettings, SettingsProblem } from '../model/settings.ts';
import { goDebugValue } from './go-debug.ts';
import { runsOnGo } from './go-release-of.ts';
import { problem } from './settings-problem.ts';
import type { EtcdVersion } from './version.ts';

/** What Go's FIPS 140-3 mode does before etcd reads anything: it panics over a mode that it does not know. */
export function findUnknownFipsMode(
  settings: MemberSettings,
  version: EtcdVersion,
): readonly SettingsProblem[] {
  const { mode, setting } = modeIn(settings);
  if (setting === undefined || mode === undefined || !runsOnGo(version, '1.24')) return [];
  if (['', 'off', 'on', 'only', 'debug'].includes(mode)) return [];
  const says = `panic: fips140: unknown GODEBUG setting fips140=${mode}`;
  const remedy = 'Write fips140=on, or take fips140 out of GODEBUG.';
  return [problem('refused-at-start', setting, 'Go knows no such FIPS 140-3 mode', says, remedy)];
}

/**
 * etcd makes the ids of members with SHA-1 when it first starts with a data directory. 3.5.16, 3.5.30 and 3.6.16
 * were seen to panic then, and to start again where a data directory was there.
 */
export function findFipsProblems(
  settings: MemberSettings,
  version: EtcdVersion,
): readonly SettingsProblem[] {
  return [...sha1Refused(settings, version), ...buildVariable(settings)];
}

function sha1Refused(settings: MemberSettings, version: EtcdVersion): readonly SettingsProblem[] {
  const { mode, setting } = modeIn(settings);
  if (setting === undefined || mode !== 'only' || !runsOnGo(version, '1.24')) return [];
  return [
    problem(
      'refused-at-start',
      setting,
      'fips140=only forbids SHA-1, with which etcd makes the ids of members when it starts with a new data directory',
      'panic: crypto/sha1: use of SHA-1 is not allowed in FIPS 140-only mode',
      'Write fips140=on: it restricts TLS in the same way and lets etcd compute ids.',
    ),
  ];
}

/** GOFIPS140 is an instruction to `go build` (https://go.dev/doc/security/fips140). */
function buildVariable({ processEnvironment }: MemberSettings): readonly SettingsProblem[] {
  const setting = processEnvironment['GOFIPS140'];
  if (setting === undefined) return [];
  const detail = 'GOFIPS140 counts when a program is built, not when it runs';
  return [problem('without-effect', setting, detail, undefined, 'Set GODEBUG=fips140=on instead.')];
}

function modeIn({ processEnvironment }: MemberSettings) {
  const setting = processEnvironment['GODEBUG'];
  return { setting, mode: goDebugValue(setting?.value, 'fips140') };
}
