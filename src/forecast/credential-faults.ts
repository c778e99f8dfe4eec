import { isAtLeast } from '../etcd/version.ts';
import { notAllowedText } from './allowed-names.ts';
import {
  blameCertificate,
  blameSetting,
  type Opinion,
  type Refusal,
  undecided,
} from './judgement.ts';
import type { Listener } from './listener.ts';
import { rules } from './rules.ts';
import type { Credential } from './material.ts';

/** Nothing can be said of what a file holds that was not given. */
export function notGiven(files: readonly string[]): Opinion {
  return undecided('file.not-given', [`the content of ${files.join(', ')}, which was not given`]);
}

/** The refusal by `--peer-cert-allowed-cn` and its kin. */
export function notAllowed({ effective, version }: Listener, credential: Credential): Refusal {
  const setting = effective.allowedCns ?? effective.allowedHostnames;
  const blamed =
    credential.kind === 'files'
      ? blameCertificate(credential.chain[0], credential.file)
      : blameSetting(setting);
  return {
    rule: 'etcd.name-not-allowed',
    text: notAllowedText(!isAtLeast(version, '3.4.0')),
    blame: blamed,
    remedy: rules['etcd.name-not-allowed'].remedy({
      setting: setting?.origin.name ?? 'allowed names',
    }),
  };
}
