import { readLater, type SettingsForm } from '../settings-form.ts';

/** What `docker inspect` and `podman inspect` print of containers. */
export const form: SettingsForm = {
  name: 'docker-inspect',
  layer: 'starter',
  words: ['Config'],
  recognises: ({ text }) =>
    /"Config"\s*:/.test(text) &&
    /"(?:Cmd|Entrypoint|Env)"\s*:/.test(text) &&
    /"(?:Path|HostConfig)"\s*:/.test(text),
  read: readLater(() => import('../readers/docker-inspect.ts')),
};
