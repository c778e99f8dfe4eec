import { readLater, type SettingsForm } from '../settings-form.ts';

/** Property lists of launchd, as XML (launchd.plist(5)). */
export const form: SettingsForm = {
  name: 'launchd',
  layer: 'starter',
  words: ['<plist'],
  recognises: ({ text }) =>
    /<plist\b/.test(text) && /<key>\s*Program(?:Arguments)?\s*<\/key>/.test(text),
  read: readLater(() => import('../readers/launchd.ts')),
};
