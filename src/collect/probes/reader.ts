import type { Endpoint } from '../../model/live.ts';
import type { AdmissionAnswer } from './admission.ts';
import type { Begun } from './browse.ts';
import type { ReadyCredential } from './credentials.ts';

/** With which certificate to ask the questions that come after admission. */
export interface Reader {
  /** Absent where no certificate was accepted, and where the port speaks plain HTTP. */
  readonly credential?: ReadyCredential;
  /** The connection over which it was accepted, where that was left open. */
  readonly begun?: Begun;
  readonly isPlain?: boolean;
  /** Why there is no reader: the code of the rejection, or that there was no certificate to present. */
  readonly code?: string;
}

/** An attempt that is under way; it comes to nothing where there is no need to make it. */
export interface Started {
  readonly credential: ReadyCredential;
  readonly answer: Promise<AdmissionAnswer | undefined>;
}

/** Who asks where no TLS is spoken. */
export const plainReader: Reader = { isPlain: true };

/** The first credential known to be accepted, in the order of those for which the port is intended. */
export async function findReader(endpoint: Endpoint, started: readonly Started[]): Promise<Reader> {
  let code: string | undefined;
  for (const { credential, answer } of candidates(endpoint, started)) {
    const { admission, begun } = (await answer) ?? {};
    if (admission?.outcome === 'admitted')
      return { credential, ...(begun !== undefined && { begun }) };
    code ??= admission?.code;
  }
  return { code: code ?? 'NO_CERTIFICATE' };
}

/** Those with which the questions may be asked, the most suitable first. */
export function candidates<One extends Pick<Started, 'credential'>>(
  { serves, member }: Endpoint,
  all: readonly One[],
): readonly One[] {
  const order: readonly string[] =
    serves === 'peer' ? ['member', 'client', 'nothing'] : ['client', 'nothing'];
  const isOwn = ({ credential }: One): number => Number(credential.owner !== member);
  return order.flatMap((presented) =>
    all
      .filter(({ credential }) => credential.presented === presented)
      .toSorted((one, other) => isOwn(one) - isOwn(other)),
  );
}
