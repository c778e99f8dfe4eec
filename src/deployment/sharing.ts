import type { Use } from './certificate-uses.ts';

/** Who uses a certificate, members and clients apart, each once. */
export function ownersOf(uses: readonly Use[]): {
  readonly members: readonly string[];
  readonly clients: readonly string[];
} {
  return {
    members: owners(uses.filter(({ member }) => member !== undefined)),
    clients: owners(uses.filter(({ client }) => client !== undefined)),
  };
}

function owners(uses: readonly Use[]): readonly string[] {
  return [...new Set(uses.map(({ owner }) => owner))];
}
