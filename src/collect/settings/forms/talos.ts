import type { TextFile } from '../../../model/draft.ts';
import { readLater, type SettingsForm } from '../settings-form.ts';

/**
 * Talos' machine configuration of a control plane node: the etcd that it starts, and the CA that is in it
 * (siderolabs/talos internal/app/machined/pkg/system/services/etcd.go argsForControlPlane).
 */
export const form: SettingsForm = {
  name: 'talos',
  layer: 'holder',
  alsoReadIn: ['starter', 'script', 'settings'],
  words: ['machine'],
  recognises: isTalos,
  read: readLater(() => import('../readers/talos.ts')),
};

/** A patch has one of the two sections alone, or no type. */
export function isTalos({ text }: TextFile): boolean {
  return (
    /^machine[ \t]*:/m.test(text) &&
    /^cluster[ \t]*:/m.test(text) &&
    /^[ \t]+["']?type["']?[ \t]*:[ \t]*["']?(?:controlplane|init)\b/m.test(text)
  );
}
