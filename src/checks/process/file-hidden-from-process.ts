import { aboutFile } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { openedFiles } from '../../deployment/process/opened-files.ts';
import { kubernetesVolumes, systemdExec } from '../support/references.ts';
import { asSentence } from '../support/refused-certificates.ts';

export const fileHiddenFromProcess = defineCheck({
  id: 'file-hidden-from-process',
  title: 'File is not visible in the container or sandbox of etcd or a client',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'A container sees only its mounts and its image. A systemd service with PrivateTmp=, ProtectHome=, ' +
    'InaccessiblePaths=, TemporaryFileSystem= or RootDirectory= sees other directories than the host. A ' +
    'file elsewhere does not exist for etcd, which then does not start, or for a client, which does not connect.',
  remediation:
    'Mount the directory of the file at the path in the settings, or move the file to a directory that ' +
    'the process sees, and restart one member at a time.',
  references: [kubernetesVolumes, systemdExec],
  standards: [],

  explains: ['file.missing', 'file.permission-denied', 'etcd.crl-unreadable'],
  needs: ['members', 'clients'],

  targets: (facts) => openedFiles(facts).filter(({ match }) => match.barrier?.kind !== 'account'),

  examine({ owner, program, match: { deployed, barrier } }) {
    if (barrier === undefined) return pass;

    return fail({
      about: [aboutFile(deployed, owner), aboutFile(deployed)],
      message: `${program} cannot open ${deployed}: ${barrier.because}`,
      expected: 'a path that is mounted, or visible to the service',
      actual: `open ${deployed}: ${barrier.error}`,
      fix: asSentence(barrier.remedy),
    });
  },
});
