import type { OracleClient } from './oracle-client.ts';
import type { Asked } from './trial.ts';

/** A client that could not be had. */
export interface Missing {
  readonly client: string;
  readonly because: string;
}

/** Every program of these clients that is to be had on this machine, and why the others are not. */
export async function programsOf(
  clients: readonly OracleClient[],
): Promise<{ readonly asked: readonly Asked[]; readonly missing: readonly Missing[] }> {
  const asked: Asked[] = [];
  const missing: Missing[] = [];
  for (const client of clients) {
    try {
      asked.push(...(await client.programs()).map((program) => ({ client, program })));
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      missing.push({ client: client.name, because: because.replaceAll(/https?:\S+/g, '…') });
    }
  }
  return { asked, missing };
}
