import { defineCheck, fail, pass } from '../../model/check.ts';
import type { FileFact } from '../../model/files.ts';
import { bundlesOf, credentialsOf } from '../../deployment/certificate-uses.ts';

export const certificateHiddenFromGo = defineCheck({
  id: 'certificate-hidden-from-go',
  title: 'Go skips a certificate in the file',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'Go silently skips a PEM block that is indented, joined to the previous one, or damaged in its ' +
    'base64, while a person and sometimes OpenSSL see a complete file. The CA or intermediate in that ' +
    'block is not used.',
  remediation:
    'Write the BEGIN and END lines of every PEM block alone and at the start of a line. When joining ' +
    'files, make sure that each ends with a newline: `awk 1 one.pem other.pem > both.pem`.',
  references: ['https://pkg.go.dev/encoding/pem#Decode'],

  needs: ['files', 'members', 'clients'],

  // A file in which Go sees nothing at all is another check's finding.
  targets: (facts) =>
    [...bundlesOf(facts), ...credentialsOf(facts)].filter(({ file }) => file.blocks.length > 0),

  examine({ file }) {
    const trap = hidingTrap(file);
    if (trap === undefined) return pass;

    return fail({
      message: `the PEM block${trap.line === undefined ? '' : ` at line ${trap.line}`} of ${file.path} is skipped by Go`,
      expected: 'PEM blocks that Go reads',
      actual: trap.detail,
    });
  },
});

function hidingTrap({ traps }: FileFact): FileFact['traps'][number] | undefined {
  return traps.find(({ kind }) => kind !== 'empty' && kind !== 'no-pem');
}
