const settingsOfMachine =
  /^(.*?\/|)(?:etc\/(?:conf\.d|cron\.(?:d|hourly|daily|weekly)|containers\/systemd|default|etcd|init\.d|kubernetes\/manifests|rancher|supervisor|sysconfig|systemd)|(?:usr\/)?lib\/systemd|var\/lib\/rancher)\/[^/]/;

/** Where the copy of a machine begins that settings are part of; a slash for this machine itself. */
export function rootOfMachine(settings: string): string | undefined {
  const mayBe = settings.includes('etc/') || settings.includes('lib/');
  return mayBe ? settingsOfMachine.exec(settings)?.[1] : undefined;
}

/** Where the copy of a machine's file system begins in which settings are, by their place in it. */
export function rootAround(settings: string): string | undefined {
  const root = rootOfMachine(settings);
  return root === '/' ? undefined : root;
}

/** The path of a file on its machine, whose copy begins here or in a directory next to this one. */
export function placeOnMachine(file: string, root: string): string | undefined {
  const around = root.replace(/[^/]+\/$/, '');
  const isOwn = file.startsWith(root);
  const place = isOwn ? file.slice(root.length) : file.slice(around.length).replace(/^[^/]+\//, '');
  const isOfMachine = /^(?:etc|lib|opt|run|srv|usr|var)\/[^/]+\//.test(place);
  return (isOwn || file.startsWith(around)) && isOfMachine ? `/${place}` : undefined;
}

/** Whether a file is on the machine that settings are on: in the same copy of its file system, or in `/etc` of this one. */
export function isOnMachineOf(file: string, settings: string): boolean {
  const root = rootOfMachine(settings);
  if (root === undefined || !file.startsWith(root)) return false;
  const place = file.slice(root.length);
  return root === '/' ? place.startsWith('etc/') : /^(?:etc|opt|run|srv|usr|var)\//.test(place);
}
