import { mentionsIn } from '../mentions.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';

/** Nomad's jobs, whose language is not read: what they say of etcd is reported, not judged. */
export const form: SettingsForm = {
  name: 'nomad',
  layer: 'holder',
  recognises: ({ text }) => /^job\s+"[^"]*"\s*\{/m.test(text),
  read: readEach(({ path, text }) => {
    const [first] = mentionsIn(text);
    if (first === undefined) return {};
    const { line, what } = first;
    const reason = `mentions ${what} in a Nomad job; its language (HCL) is not supported`;
    return { notUnderstood: [{ path, line, reason }] };
  }),
};
