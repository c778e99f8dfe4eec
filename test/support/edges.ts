import type { Edge } from '../../src/model/forecast.ts';

const ports = { client: 2379, peer: 2380 } as const;

/** A handshake that succeeds and ought to, unless told otherwise. */
export function anEdge(overrides: Partial<Edge> = {}): Edge {
  const { edge = 'peer', from = 'node1', member = 'node2' } = overrides;
  const port = overrides.port ?? (edge === 'peer' ? 'peer' : 'client');
  const to = overrides.to ?? `https://${member}:${ports[port]}`;
  return {
    target: { kind: 'edge', name: `${edge} ${from} -> ${to}` },
    edge,
    from,
    to,
    member,
    port,
    outcome: 'accepted',
    wanted: edge === 'intruder' ? 'refused' : 'accepted',
    rule: 'etcd.mutual-tls',
    ...overrides,
  };
}

/** Every member's way to every other, refused where the list says `from>to`. */
export function peerMesh(
  members: readonly string[],
  refused: readonly string[] = [],
): readonly Edge[] {
  return members.flatMap((from) =>
    members
      .filter((member) => member !== from)
      .map((member) =>
        anEdge({
          from,
          member,
          ...(refused.includes(`${from}>${member}`) && { outcome: 'refused', refusedBy: 'server' }),
        }),
      ),
  );
}
