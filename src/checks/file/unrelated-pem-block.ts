import { defineCheck, fail, pass } from '../../model/check.ts';
import { goTls } from '../support/references.ts';
import { credentialsOf } from '../../deployment/certificate-uses.ts';

/** What certificate and key files hold in ordinary sets. */
const usual = /^(CERTIFICATE|(.* )?PRIVATE KEY|EC PARAMETERS)$/;

export const unrelatedPemBlock = defineCheck({
  id: 'unrelated-pem-block',
  title: 'Certificate file contains PEM blocks that Go skips',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'In certificate files Go reads only blocks of type CERTIFICATE and skips all others, so the block has ' +
    'no effect.',
  remediation: 'Remove the block, or relabel it as CERTIFICATE if it should be sent.',
  references: [goTls],

  needs: ['files', 'members', 'clients'],

  // Without any CERTIFICATE the file does not load, and that is another check's finding.
  targets: (facts) =>
    credentialsOf(facts).filter(({ file }) =>
      file.blocks.some(({ type }) => type === 'CERTIFICATE'),
    ),

  examine({ file }) {
    const stray = file.blocks.find(({ type }) => !usual.test(type));
    if (stray === undefined) return pass;

    return fail({
      message: `the ${stray.type} block at line ${stray.line} of ${file.path} is skipped by Go`,
      expected: 'CERTIFICATE blocks only',
      actual: stray.type,
    });
  },
});
