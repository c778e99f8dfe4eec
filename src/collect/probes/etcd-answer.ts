import type { Admission, Endpoint } from '../../model/live.ts';
import type { HttpAnswer } from '../wire/http-answer.ts';
import { printableSample } from './describe.ts';
import { readVersions } from './page-json.ts';

/**
 * Whether an answer to `GET /version` is etcd's. A metrics listener has no such page: what Go's own server
 * says of a missing one is all that it can say.
 */
export function isOfEtcd({ serves }: Endpoint, { status, body }: HttpAnswer): boolean {
  const text = body.toString('utf8');
  if (serves === 'metrics') return status === 404 && text === '404 page not found\n';
  return status === 200 && readVersions(text).serverVersion !== undefined;
}

/** What an answer shows of who gave it or passed it on. */
export function originOf(
  endpoint: Endpoint,
  answer: HttpAnswer,
): Pick<Admission, 'via' | 'otherAnswer'> {
  const { headers, body } = answer;
  const via = [headers.get('server'), headers.get('via')].filter(Boolean).join(', ');
  return {
    ...(via !== '' && { via: printableSample(Buffer.from(via), 80) }),
    ...(!isOfEtcd(endpoint, answer) && { otherAnswer: printableSample(body, 120) }),
  };
}

/** nginx answers so, status 400 or 495 to 496, where it wants a client certificate or does not like it. */
export function refusesCertificate({ status, body }: HttpAnswer): boolean {
  const isRefusal =
    status === 400 || status === 401 || status === 403 || status === 495 || status === 496;
  return isRefusal && /certificate/i.test(body.toString('latin1'));
}
