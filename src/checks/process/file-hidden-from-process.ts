import { aboutFile } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { directoryOf } from '../../deployment/roles/match-files.ts';
import { groupBy } from '../../model/group-by.ts';
import { enumerate } from '../../model/words.ts';
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

  explains: ['file.missing', 'file.permission-denied', 'etcd.crl-unreadable'],
  needs: ['members', 'clients'],

  // One mount or directive that is missing hides all the files of a directory.
  targets: (facts) =>
    [
      ...groupBy(
        openedFiles(facts).filter(({ match }) => match.barrier?.kind !== 'account'),
        ({ owner, match: { deployed, barrier } }) =>
          JSON.stringify([
            owner,
            barrier === undefined ? deployed : directoryOf(deployed),
            barrier?.because,
          ]),
      ).values(),
    ].map((together) => ({ ...together[0], together })),

  examine({ owner, program, match: { deployed, barrier }, together }) {
    if (barrier === undefined) return pass;

    const paths = [...new Set(together.map(({ match }) => match.deployed))];
    return fail({
      about: paths.flatMap((path) => [aboutFile(path, owner), aboutFile(path)]),
      message: `${program} cannot open ${enumerate(paths, 4)}: ${barrier.because}`,
      expected: 'a path that is mounted, or visible to the service',
      actual: `open ${deployed}: ${barrier.error}`,
      fix: asSentence(barrier.remedy),
    });
  },
});
