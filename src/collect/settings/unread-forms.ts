import type { TextFile } from '../../model/draft.ts';
import { baseName } from './words.ts';

/** A form of settings that is known and not read, and what to give instead. */
interface UnreadForm {
  readonly name: string;
  readonly give: string;
  readonly isOf: (file: TextFile) => boolean;
}

const running =
  'give the lines of `ps -efww` on its host, with a copy of /proc/PID/environ of etcd, instead';

const unreadForms: readonly UnreadForm[] = [
  {
    name: 'a kustomization that generates objects',
    give: 'give the output of `kubectl kustomize` for its directory instead',
    isOf: ({ text }) => /^(?:configMap|secret)Generator:/m.test(text),
  },
  {
    name: 'a task definition of ECS',
    give: 'give the output of `docker inspect` for the container on its host instead',
    isOf: ({ text }) => /"containerDefinitions"\s*:/.test(text),
  },
  {
    name: 'a configuration of pm2',
    give: running,
    isOf: ({ path, text }) =>
      /^ecosystem\.(?:config\.)?(?:c?js|json|ya?ml)$/.test(baseName(path)) && /\bapps\b/.test(text),
  },
  {
    name: 'a job of Upstart',
    give: running,
    isOf: ({ path, text }) =>
      /(?:^|\/)init\/[^/]+\.conf$/.test(path) && /^[ \t]*(?:exec\s|script\s*$)/m.test(text),
  },
  {
    name: 'a script of execline',
    give: running,
    isOf: ({ text }) => /^#!.*\bexeclineb\b/.test(text),
  },
  {
    name: 'a configuration of Terraform',
    give: 'give the user data that it renders as a file of its own instead',
    isOf: ({ path }) => /\.tf(?:\.json)?$/.test(path),
  },
];

/** The known form of a file that is not read. */
export function unreadFormOf(file: TextFile): Omit<UnreadForm, 'isOf'> | undefined {
  return unreadForms.find(({ isOf }) => isOf(file));
}
