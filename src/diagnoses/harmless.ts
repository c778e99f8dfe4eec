import type { Advice } from './advice.ts';
import type { Reading } from './reading.ts';
import { isForeign } from './target.ts';

/** What a line says that needs no fix. */
export function harmless({ signals, line }: Reading): Partial<Advice> {
  if (signals.has('orderly-stop') || signals.has('closed-listener')) {
    return { title: 'harmless: etcd was shut down cleanly', remedy: 'Nothing to fix.' };
  }
  if (signals.has('service-link-variable')) {
    return {
      title: 'harmless: environment variables that are not meant for etcd',
      remedy: 'Nothing to fix; `enableServiceLinks: false` in the pod silences them.',
    };
  }
  if (signals.has('data-directory-missing')) {
    return {
      title: 'harmless: a data directory that does not exist yet',
      remedy: 'Nothing to fix.',
    };
  }
  if (line.writtenBy === 'supervisor') {
    return {
      title: 'harmless: a client of the k3s or rke2 server, not of etcd',
      remedy: 'Nothing to fix.',
    };
  }
  if (signals.has('ancient-hello')) {
    return {
      title: 'harmless: a scanner offers obsolete protocol versions',
      remedy: 'Nothing to fix.',
    };
  }
  if (isForeign(line.service)) return { remedy: 'Nothing to fix.' };
  return signals.has('client-left')
    ? {
        title: 'harmless: a client disconnected while etcd was answering',
        remedy: 'Nothing to fix.',
      }
    : {};
}
