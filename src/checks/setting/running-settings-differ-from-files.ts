import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Member } from '../../model/inventory.ts';
import type { Setting, TlsSettings } from '../../model/settings.ts';
import { etcdConfiguration } from '../support/references.ts';
import { isSilent, withoutPage } from '../support/unanswered.ts';
import { enumerate } from '../../model/words.ts';

export const runningSettingsDifferFromFiles = defineCheck({
  id: 'running-settings-differ-from-files',
  title: 'Process runs with other TLS settings than its files',
  severity: 'high',
  rationale:
    'The flags of the running process decide. A file that changed since its start, or another unit or ' +
    'manifest in use, makes the results about the files meaningless.',
  remediation:
    'Find out where the running flags come from (`systemctl cat etcd`, the pod manifest), make both ' +
    'agree, and restart the members one at a time.',
  references: [etcdConfiguration],

  decidedBy: 'comparison',
  needs: ['members', 'processes'],

  targets: ({ members, processes }) => {
    const compared = members.filter((member) => expectedFlags(member).length > 0);
    const seen = processes.flatMap(({ target, endpoint, commandLine }) => {
      const member = compared.find(({ name }) => name === endpoint.member);
      return member === undefined || commandLine === undefined
        ? []
        : [{ target, member, running: flagsIn(commandLine) }];
    });
    const known = new Set(seen.map(({ member }) => member.name));
    // The command line is on client ports alone.
    const open = processes.filter(
      ({ endpoint: { serves, member } }) =>
        serves === 'client' &&
        !known.has(member ?? '') &&
        compared.some(({ name }) => name === member),
    );
    return [...seen, ...withoutPage(open, '/debug/vars')];
  },

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { member, running } = subject;
    const different = expectedFlags(member).flatMap(({ flag, expected }) => {
      const actual = running.get(flag);
      // What the command line does not say may come from the environment or a file.
      if (actual === undefined || actual === expected) return [];
      return [{ flag, expected, actual }];
    });
    if (different.length === 0) return pass;

    return fail({
      message: `${member.name} runs with other values for ${enumerate(different.map(({ flag }) => flag))}`,
      expected: different.map(({ flag, expected }) => `${flag}=${expected}`).join(' '),
      actual: different.map(({ flag, actual }) => `${flag}=${actual}`).join(' '),
    });
  },
});

/** `--flag=value`, `--flag value` and bare booleans, with one dash or two. */
function flagsIn(commandLine: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (const [index, argument] of commandLine.entries()) {
    const match = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argument);
    if (match === null) continue;
    const [, name = '', value] = match;
    const next = commandLine[index + 1];
    const isBare = next === undefined || next.startsWith('-');
    flags.set(`--${name}`, value ?? (isBare ? 'true' : next));
  }
  return flags;
}

function expectedFlags({ settings }: Member) {
  return [...tlsFlags(settings.client, ''), ...tlsFlags(settings.peer, 'peer-')];
}

function tlsFlags(tls: TlsSettings, prefix: string) {
  const named: readonly (readonly [string, Setting<string | boolean> | undefined])[] = [
    [`--${prefix}cert-file`, tls.certFile],
    [`--${prefix}key-file`, tls.keyFile],
    [`--${prefix}trusted-ca-file`, tls.trustedCaFile],
    [`--${prefix}client-cert-auth`, tls.clientCertAuth],
    [`--${prefix}auto-tls`, tls.autoTls],
  ];
  return named.flatMap(([flag, setting]) => {
    const isAssumed = setting?.origin.via === 'assumed' || setting?.origin.via === 'inventory';
    return setting === undefined || isAssumed ? [] : [{ flag, expected: String(setting.value) }];
  });
}
