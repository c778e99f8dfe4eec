import type { EndpointObservation } from '../../model/live.ts';
import { ask } from './ask.ts';
import type { Deadline } from './deadline.ts';
import { type Address, dial } from './dial.ts';

/** Whether a port answers `GET /version` to someone who speaks no TLS at all. */
export async function observePlaintext(
  address: Address,
  host: string,
  deadline: Deadline,
): Promise<EndpointObservation['plaintext']> {
  const dialled = await dial(address, deadline);
  if (!dialled.ok) return dialled.code === 'TIMEOUT' ? 'silence' : 'refused';
  const { socket } = dialled;
  const asked = await ask(socket, host, '/version', deadline);
  socket.destroy();
  if (!asked.ok) return asked.code === 'TIMEOUT' ? 'silence' : 'refused';
  // Go's own HTTPS server answers a plain request with 400 in plain text, and that is a refusal.
  return asked.answer.status === 400 ? 'refused' : 'answered';
}
