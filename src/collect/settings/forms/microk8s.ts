import { processesOf, emptyProcess } from '../process.ts';
import { readShell } from '../shell/run.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { baseName } from '../words.ts';

/**
 * MicroK8s' `args/etcd`, `args/kube-apiserver` and `args/flanneld`: words as bash reads them, in the
 * snap's environment (canonical/microk8s microk8s-resources/wrappers/run-*-with-args).
 */
export const form: SettingsForm = {
  name: 'microk8s',
  layer: 'starter',
  recognises: ({ path, text }) =>
    path.includes('args/') &&
    /(?<![^/])args\/(?:etcd|kube-apiserver|flanneld)$/.test(path) &&
    /^[ \t]*--[a-z]/m.test(text),
  read: readEach(({ path, text }) => {
    const words = text.split(/\r?\n/).flatMap((line, index) => {
      const script = { text: line, file: path, line: index + 1, folded: true };
      const { commands } = readShell(script, { environment: snap, complete: true });
      return commands.flatMap((command) => command.words);
    });
    const origin = { file: path, line: 1 };
    const program = { text: baseName(path), location: origin };
    const line = { words: [program, ...words], variables: [], complete: true };
    return { processes: processesOf(emptyProcess('microk8s', origin), line) };
  }),
};

const snap = [
  { name: 'SNAP', value: '/snap/microk8s/current' },
  { name: 'SNAP_DATA', value: '/var/snap/microk8s/current' },
  { name: 'SNAP_COMMON', value: '/var/snap/microk8s/common' },
];
