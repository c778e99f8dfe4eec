import type { Endpoint, EndpointObservation } from '../../model/live.ts';
import { ask } from './ask.ts';
import type { Deadline } from './deadline.ts';
import { isOfEtcd } from './etcd-answer.ts';
import { type Address, dial } from './dial.ts';

/** Whether etcd answers `GET /version` to a client without TLS. */
export async function observePlaintext(
  address: Address,
  endpoint: Endpoint,
  deadline: Deadline,
): Promise<EndpointObservation['plaintext']> {
  const connection = await dial(address, deadline);
  if (!connection.ok) return connection.code === 'TIMEOUT' ? 'silence' : 'refused';
  const { socket } = connection;
  const asked = await ask(socket, endpoint.host, '/version', deadline);
  socket.destroy();
  if (!asked.ok) return asked.code === 'TIMEOUT' ? 'silence' : 'refused';
  // Go's own HTTPS server answers a plain request with 400 in plain text, and that is a refusal.
  if (asked.answer.status === 400) return 'refused';
  return isOfEtcd(endpoint, asked.answer) ? 'answered' : 'another-service';
}
