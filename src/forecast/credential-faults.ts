import type { AllowedNames } from './allowed-names.ts';
import {
  blameCertificate,
  blameSetting,
  type Opinion,
  type Refusal,
  undecided,
} from './judgement.ts';
import { rules } from './rules.ts';
import type { Credential } from './material.ts';

/** Nothing can be said of what a file holds that was not given. */
export function notGiven(files: readonly string[]): Opinion {
  return undecided('file.not-given', [`the content of ${files.join(', ')}, which was not given`]);
}

/** The refusal by `--peer-cert-allowed-cn` and its kin. */
export function notAllowed({ setting, says }: AllowedNames, credential: Credential): Refusal {
  const blamed =
    credential.kind === 'files'
      ? blameCertificate(credential.chain[0], credential.file)
      : blameSetting(setting);
  return {
    rule: 'etcd.name-not-allowed',
    text: says,
    blame: blamed,
    remedy: rules['etcd.name-not-allowed'].remedy({
      setting: setting.origin.name ?? 'allowed names',
    }),
  };
}
