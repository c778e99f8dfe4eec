import { readLater, type SettingsForm } from '../settings-form.ts';

/**
 * Nomad's jobs (https://developer.hashicorp.com/nomad/docs/job-specification): the tasks of its drivers with
 * their variables and templates. What Nomad or Consul fills in stays a placeholder.
 */
export const form: SettingsForm = {
  name: 'nomad',
  layer: 'holder',
  alsoReadIn: [],
  words: ['job'],
  recognises: ({ text }) => /^job\s+"[^"]*"\s*\{/m.test(text),
  read: readLater(() => import('../readers/nomad.ts')),
};
