import { aboutFile } from '../../model/about.ts';
import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { openedFiles } from '../../deployment/process/opened-files.ts';
import { etcdListener, systemdExec } from '../support/references.ts';
import { asSentence } from '../support/refused-certificates.ts';

export const fileDeniedToUser = defineCheck({
  id: 'file-denied-to-user',
  title: 'The user that etcd or a client runs as cannot read a file',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'Files are often created by root while etcd runs as its own user. etcd opens them as that user: the ' +
    'peer files at once, the client files after joining the cluster, and exits with "permission denied". ' +
    'A running member keeps its connections and does not come back after its next restart. A client ' +
    'that cannot read its files does not connect.',
  remediation:
    'Make the user of the process the owner of its key files and keep mode 600: `chown etcd: FILE`, ' +
    '`chmod 600 FILE`. The directories above need the execute bit for that user. In a pod, set fsGroup, ' +
    "or the volume's defaultMode.",
  references: [systemdExec, etcdListener],

  explains: ['file.permission-denied', 'etcd.crl-unreadable'],
  needs: ['members', 'clients'],

  targets: (facts) => openedFiles(facts).filter(({ match }) => match.barrier?.kind !== 'view'),

  examine({ owner, program, match: { deployed, barrier, doubt } }) {
    if (doubt !== undefined) return inconclusive(doubt.because, doubt.give);
    if (barrier === undefined) return pass;

    return fail({
      about: [aboutFile(deployed, owner), aboutFile(deployed)],
      message: `${program} cannot open ${deployed}: ${barrier.because}`,
      expected: 'a file that the user of the process can read',
      actual: `open ${deployed}: ${barrier.error}`,
      fix: asSentence(barrier.remedy),
    });
  },
});
