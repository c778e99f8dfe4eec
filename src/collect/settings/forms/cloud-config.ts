import { readLater, type SettingsForm } from '../settings-form.ts';

/**
 * cloud-init's cloud-config (https://cloudinit.readthedocs.io, `write_files`, `runcmd`, `bootcmd`) and that of
 * CoreOS (`coreos.units`, `coreos.etcd2`).
 */
export const form: SettingsForm = {
  name: 'cloud-config',
  layer: 'holder',
  words: ['#cloud-config', 'write_files', 'coreos'],
  recognises: ({ text }) =>
    /^#cloud-config\b/m.test(text.slice(0, 4096)) || /^(?:write_files|coreos)[ \t]*:/m.test(text),
  read: readLater(() => import('../readers/cloud-config.ts')),
};
