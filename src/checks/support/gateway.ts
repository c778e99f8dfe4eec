import type { Known } from '../../model/check.ts';
import { enumerate } from '../../model/words.ts';

/** Who suffers when a member cannot dial itself. */
export function gatewayBreaks({ clients }: Known<'clients'>): string {
  const affected = clients.filter(({ speaks }) => speaks === 'gateway').map(({ name }) => name);
  if (affected.length === 0) return 'the JSON gateway fails, etcdctl is not affected';

  const who = `${enumerate(affected)} ${affected.length === 1 ? 'uses' : 'use'}`;
  return `the JSON gateway, which ${who}, fails; etcdctl is not affected`;
}
