import { readLater, type SettingsForm } from '../settings-form.ts';

/**
 * Ignition's JSON and the YAML of Butane and Container Linux Config that it is made from
 * (https://coreos.github.io/ignition/configuration-v3_4, https://coreos.github.io/butane/config-fcos-v1_5).
 */
export const form: SettingsForm = {
  name: 'ignition',
  layer: 'holder',
  words: ['ignition', 'variant', 'storage', 'systemd'],
  recognises: ({ text }) =>
    /"ignition"\s*:\s*\{/.test(text) ||
    /^variant:[ \t]*(?:fcos|flatcar|openshift|r4e|fiot)\b/m.test(text) ||
    (/^(?:storage|systemd)[ \t]*:/m.test(text) &&
      /^[ \t]*(?:- )?(?:contents|inline|dropins)[ \t]*:/m.test(text)),
  read: readLater(() => import('../readers/ignition.ts')),
};
