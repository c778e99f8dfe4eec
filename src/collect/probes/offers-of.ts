import type { Seen, ServerFlight, TlsOffer } from '../../model/live.ts';
import type { AdmissionAnswer } from './admission.ts';
import type { Look } from './closer-look.ts';
import { observeOffer } from './offer.ts';
import type { ReachedEndpoint } from './reached-endpoint.ts';
import { observeWeakSuites } from './weak-suites.ts';

/** The suites of a process are the same on all its ports, so that without a survey one port is asked. */
export async function offersOf(look: Look): Promise<readonly Seen<TlsOffer>[]> {
  const { endpoint, address, context, deadline, flight, lanes } = look;
  if (flight === undefined) return [];
  const request = { endpoint, address, flight, lanes };
  if (context.survey) {
    const [offer, answers] = await Promise.all([
      observeOffer(request, deadline),
      look.admissions(),
    ]);
    return [withTickets(offer, answers)];
  }
  if (endpoint.serves !== 'client') return [];
  const { code } = await look.reader();
  const refused = code === 'NO_CERTIFICATE' || context.client === undefined ? undefined : code;
  const isOfSet = isServedBySet(look, flight);
  return [await observeWeakSuites({ ...request, isOfSet, refused }, deadline)];
}

/** Whether a member of the set serves this certificate; nothing where the members' are not known. */
function isServedBySet(
  { context: { members } }: ReachedEndpoint,
  { chain: [leaf] }: ServerFlight,
): boolean {
  const known = members.flatMap((member) => member.leaf ?? []);
  return known.length === 0 || known.some(({ sha256 }) => sha256 === leaf?.sha256);
}

/** Tickets of TLS 1.3 come to those alone who were admitted. */
function withTickets(offer: Seen<TlsOffer>, answers: readonly AdmissionAnswer[]): Seen<TlsOffer> {
  const admitted = answers.filter(
    ({ admission }) => admission.outcome === 'admitted' && admission.tlsVersion === '1.3',
  );
  if (admitted.length === 0) return offer;
  const ticket13 = admitted.some(({ ticket }) => ticket);
  return { ...offer, resumption: { ...offer.resumption, ticket13 } };
}
