import { bracketed } from '../model/host.ts';
/** What was dialled, as the line has it. Hostile text. */
export interface Target {
  readonly scheme?: string;
  /** Host name or address, without brackets. */
  readonly host: string;
  readonly port?: number;
  readonly path?: string;
}

/** What listens at a target, by its port, path and the words around it. */
export type Service = 'etcd-client' | 'etcd-peer' | 'kubernetes' | 'supervisor' | 'web';

/** Ways in which programs write what they connect to, most specific first. */
const places: readonly RegExp[] = [
  /\b(?:Get|Post|Put|Head|Delete|Patch) "?(?<url>https?:\/\/[^\s"'\\,;)\]}>]{1,500})/,
  /(?:failed to connect to|connect to) \{(?:Addr: )?"?(?<url>[^\s",}]{1,255})/,
  /Failed to dial (?<url>[^\s:]{1,255}:\d{1,5})/,
  /dial (?:tcp|unix)[46]?(?: \S{1,80}->)? ?(?<url>(?:\[[\da-fA-F:.%\w]{2,60}\]|[\w.-]{1,255}):\d{1,5})/,
  /(?:read|write) tcp \S{1,80}?->(?<url>(?:\[[\da-fA-F:.%]{2,60}\]|[\w.-]{1,255}):\d{1,5})/,
  /initially=\[(?<url>[^\s\],]{1,255})/,
  /(?:passthrough|endpoint|etcd-endpoints):\/\/\/?(?:[^\s/]{1,80}\/)?(?<url>(?:https?:\/\/)?[\w.:[\]-]{1,255})/,
  /--endpoints?[= ]"?(?<url>[^\s",]{1,255})/,
  /(?<url>https?:\/\/[^\s"'\\,;)\]}>]{1,500})/,
  /(?:validate|valid) certificate for (?<url>[\w.:-]{1,255})/,
];

/** Where a text says that more is to be read. */
const pointers = /\b[Ss]ee:? https?:\/\/[^\s"]{1,300}/g;

/** What a line says that its writer connected to. */
export function targetOf(text: string): Target | undefined {
  const own = text.replaceAll(pointers, '');
  for (const place of places) {
    const url = place.exec(own)?.groups?.['url'];
    const target = url === undefined ? undefined : parse(url);
    if (target !== undefined) return target;
  }
  return undefined;
}

function parse(url: string): Target | undefined {
  const { scheme, ipv6, name, port, path } =
    /^(?:(?<scheme>https?):\/\/)?(?:\[(?<ipv6>[\da-fA-F:.%]{2,60})\]|(?<name>[\w.-]{1,255}))(?::(?<port>\d{1,5}))?(?<path>\/\S{0,500})?:?$/.exec(
      url,
    )?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined) return undefined;
  return {
    host,
    ...(scheme !== undefined && { scheme }),
    ...(port !== undefined && { port: Number(port) }),
    ...(path !== undefined && { path }),
  };
}

/** Paths and names that belong to other services than etcd. */
const words: readonly (readonly [Service, RegExp])[] = [
  [
    'kubernetes',
    /failed calling webhook|Unable to connect to the server: |^Error from server|error dialing backend|\/api\/v1\b|\/apis\/|kubernetes\.default/,
  ],
  ['supervisor', /\/cacerts\b|\/v1-(?:k3s|rke2)\/|Cluster-Http-Server/],
];

/** Ports that are what they are by default; etcd's own are free to choose. */
const ports: ReadonlyMap<number, Service> = new Map([
  [2379, 'etcd-client'],
  [4001, 'etcd-client'],
  [2380, 'etcd-peer'],
  [7001, 'etcd-peer'],
  [6443, 'kubernetes'],
  [8443, 'kubernetes'],
  [10_250, 'kubernetes'],
  [10_257, 'kubernetes'],
  [10_259, 'kubernetes'],
  [9345, 'supervisor'],
]);

/** What a target is. Undefined where neither port, path nor words decide. */
export function serviceOf(
  text: string,
  target: Target | undefined,
  port: 'client' | 'peer' | undefined,
): Service | undefined {
  const named = words.find(([, pattern]) => pattern.test(text))?.[0];
  if (named !== undefined) return named;
  if (port !== undefined) return port === 'peer' ? 'etcd-peer' : 'etcd-client';
  return target === undefined ? undefined : serviceAt(target);
}

function serviceAt({ scheme, port, path = '' }: Target): Service | undefined {
  const known = port === undefined ? undefined : ports.get(port);
  if (known !== undefined) return known;
  if (/^\/(?:members|raft)\b/.test(path)) return 'etcd-peer';
  return scheme === 'https' && (port === undefined || port === 443) ? 'web' : undefined;
}

/** True for what is not etcd at all: advice about etcd's certificates would mislead. */
export function isForeign(service: Service | undefined): boolean {
  return service === 'kubernetes' || service === 'supervisor' || service === 'web';
}

/** As a person would write it. */
export function placeOf({ host, port, scheme }: Target): string {
  return `${scheme === undefined || scheme === '' ? '' : `${scheme}://`}${bracketed(host)}${port === undefined ? '' : `:${port}`}`;
}
