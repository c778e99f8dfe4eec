import type { TextFile } from '../../../model/draft.ts';
import { readLater, type SettingsForm } from '../settings-form.ts';
import { baseName } from '../words.ts';

/** What kustomize changes of the objects that it is given; nothing of it is applied. */
export const form: SettingsForm = {
  name: 'kustomization',
  layer: 'starter',
  recognises: (file) => isKustomization(file) || isJsonPatch(file),
  read: readLater(() => import('../readers/kustomization.ts')),
};

export function isKustomization({ path, text }: TextFile): boolean {
  return (
    /^kustomization(?:\.ya?ml)?$/i.test(baseName(path)) ||
    (/Kustomization|Component/.test(text) &&
      /^kind:[ \t]*["']?(?:Kustomization|Component)\b/m.test(text))
  );
}

function isJsonPatch({ text }: TextFile): boolean {
  return (
    /\bop\b/.test(text) &&
    /(?:^|[\s{,-])["']?op["']?[ \t]*:[ \t]*["']?(?:add|replace|remove|copy|move)\b/m.test(text) &&
    /(?:^|[\s{,-])["']?path["']?[ \t]*:[ \t]*["']?\//m.test(text) &&
    !/(?<![^\s{,-])["']?kind["']?[ \t]*:/.test(text)
  );
}
