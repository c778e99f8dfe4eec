import { defineCheck, fail, pass } from '../../model/check.ts';
import type { FileFact } from '../../model/files.ts';
import { bundlesOf, credentialsOf } from '../../deployment/certificate-uses.ts';

export const certificateHiddenFromGo = defineCheck({
  id: 'certificate-hidden-from-go',
  title: 'Go does not see a certificate that stands in the file',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'A block that is indented, glued to the one before it, or damaged in its base64 is skipped by Go ' +
    'without a word, while a person and sometimes OpenSSL see a complete file. A CA or an intermediate ' +
    'that is thought to be there is not.',
  remediation:
    'Write every PEM block with its BEGIN and END lines alone and at the start of a line. Joining files ' +
    'needs a line end after each: `awk 1 one.pem other.pem > both.pem`.',
  references: ['https://pkg.go.dev/encoding/pem#Decode'],
  standards: [],

  needs: ['files', 'members', 'clients'],

  // A file in which Go sees nothing at all is another check's finding.
  targets: (facts) =>
    [...bundlesOf(facts), ...credentialsOf(facts)].filter(({ file }) => file.blocks.length > 0),

  examine({ file }) {
    const trap = hidingTrap(file);
    if (trap === undefined) return pass;

    return fail({
      message: `a part of this file${trap.line === undefined ? '' : `, at line ${trap.line},`} does not exist for Go`,
      expected: 'PEM blocks that Go reads',
      actual: trap.detail,
    });
  },
});

function hidingTrap({ traps }: FileFact): FileFact['traps'][number] | undefined {
  return traps.find(({ kind }) => kind !== 'empty' && kind !== 'no-pem');
}
