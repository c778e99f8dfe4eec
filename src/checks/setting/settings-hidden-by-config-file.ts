import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdConfiguration } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';
import { settingsWords } from '../../etcd/settings-words.ts';

export const settingsHiddenByConfigFile = defineCheck({
  id: 'settings-hidden-by-config-file',
  title: 'Configuration file disables other settings',
  severity: 'high',
  rationale:
    'With `--config-file` etcd ignores every other flag and every ETCD_ variable without an error. TLS ' +
    'settings outside the file are not in use: a port may accept clients without a certificate.',
  remediation:
    'Move every setting into the configuration file, or remove `--config-file`. The file has no key for ' +
    'CRL files: to use one, give all settings as flags or variables.',
  references: [etcdConfiguration],

  needs: ['members'],

  targets: ({ members }) => members,

  examine({ name: member, problems }) {
    const hidden = problems.filter(({ kind }) => kind === 'ignored-beside-config-file');
    const [first] = hidden;
    if (first === undefined) return pass;

    const names = [...new Set(hidden.map(({ name }) => name))];
    return fail({
      message: `the configuration file of ${member} disables ${enumerate(names)}`,
      expected: 'all settings in one place',
      actual: settingsWords(first).detail,
      ...(first.etcdSays !== undefined && { cause: `etcd logs: ${first.etcdSays}` }),
    });
  },
});
