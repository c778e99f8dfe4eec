import { aboutFile } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { openedFiles } from '../../deployment/process/opened-files.ts';
import { kubernetesVolumes, systemdExec } from '../support/references.ts';
import { asSentence } from '../support/refused-certificates.ts';

export const fileHiddenFromProcess = defineCheck({
  id: 'file-hidden-from-process',
  title: "One of etcd's files is not visible in its container or sandbox",
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'A container sees its mounts and its image, and nothing else of the host. A service of systemd sees ' +
    'other directories than the host under PrivateTmp=, ProtectHome=, InaccessiblePaths=, ' +
    'TemporaryFileSystem= or RootDirectory=. A file elsewhere does not exist for etcd, which then does not start.',
  remediation:
    'Mount the directory of the file at the path that the settings name, or move the file to a directory ' +
    'that the process sees, and restart one member at a time.',
  references: [kubernetesVolumes, systemdExec],
  standards: [],

  explains: ['file.missing', 'file.permission-denied', 'etcd.crl-unreadable'],
  needs: ['members'],

  targets: (facts) => openedFiles(facts).filter(({ match }) => match.barrier?.kind !== 'account'),

  examine({ member, match: { deployed, barrier } }) {
    if (barrier === undefined) return pass;

    return fail({
      about: [aboutFile(deployed, member), aboutFile(deployed)],
      message: `etcd cannot open ${deployed}: ${barrier.because}`,
      expected: 'a path that is mounted, or visible to the service',
      actual: `open ${deployed}: ${barrier.error}`,
      fix: asSentence(barrier.remedy),
    });
  },
});
