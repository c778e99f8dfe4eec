import type { Edge } from '../../model/forecast.ts';
import type { Report } from '../../model/report.ts';

/** `bad` is what fails a deployment; `note` is allowed either way. */
export type EdgeState = 'good' | 'bad' | 'unsure' | 'note';

/**
 * The state of an edge, by observation where there is one that decides, else by forecast. What goes as
 * it should against the forecast is `unsure`: one of the two is not understood.
 */
export function stateOf(edge: Edge): EdgeState {
  const outcome = decided(edge);
  if (edge.wanted === 'either') return 'note';
  if (outcome === 'unsure') return 'unsure';
  if (outcome !== edge.wanted) return 'bad';
  return contradicted(edge) || isUnclear(edge) ? 'unsure' : 'good';
}

/** Where the outcome that is shown comes from. */
export type EdgeBasis = 'observed' | 'predicted' | 'assumed' | 'untried';

/** `untried`: `verify` did not try it. `assumed`: no settings state it, so that it may be otherwise. */
export function basisOf({ observed, basis, outcome }: Edge, command: Report['command']): EdgeBasis {
  if (observed !== undefined) return 'observed';
  if (basis === 'assumed' && outcome !== 'not-sure') return 'assumed';
  return command === 'verify' ? 'untried' : 'predicted';
}

/** Whether a reader should be able to ask why. */
export function needsExplaining(edge: Edge): boolean {
  const differs = edge.observed?.differenceMeans !== undefined || contradicted(edge);
  return differs || stateOf(edge) === 'bad' || stateOf(edge) === 'unsure';
}

function contradicted({ outcome, observed }: Edge): boolean {
  if (observed?.outcome !== 'accepted' && observed?.outcome !== 'refused') return false;
  return outcome !== 'not-sure' && observed.outcome !== outcome;
}

/** Tried, and what was seen does not show the outcome. */
function isUnclear({ observed }: Edge): boolean {
  return observed?.outcome === 'unclear';
}

function decided({ outcome, observed }: Edge): 'accepted' | 'refused' | 'unsure' {
  if (observed?.outcome === 'accepted' || observed?.outcome === 'refused') return observed.outcome;
  return outcome === 'not-sure' ? 'unsure' : outcome;
}

/** What happens on an edge, as a sentence without a full stop. */
export function sentenceOf(edge: Edge): string {
  const { from, to, member = to, outcome, wanted } = edge;
  if (contradicted(edge)) {
    const does = edge.observed?.outcome === 'accepted' ? 'accepts' : 'rejects';
    return `${member} ${does} ${initiator(edge)}, contrary to the prediction`;
  }
  if (isUnclear(edge) && outcome === wanted) {
    return `what was observed does not show whether ${member} accepts ${initiator(edge)}`;
  }
  if (outcome === 'not-sure') return `the files do not decide whether ${member} accepts ${from}`;
  if (outcome === 'accepted') {
    return wanted === 'refused'
      ? `${member} accepts ${initiator(edge)}, and should not`
      : `${member} accepts ${initiator(edge)}`;
  }
  return refusal(edge, member);
}

function refusal(edge: Edge, member: string): string {
  const { from, credential, refusedBy = 'server' } = edge;
  switch (refusedBy) {
    case 'client':
      return `${from} rejects the certificate that ${member} presents`;
    case 'start':
      return `${member} does not start, so no connection succeeds`;
    case 'never-dials':
      return `${from} fails before connecting`;
    case 'server':
      return credential === undefined
        ? `${member} rejects ${initiator(edge)}, which presents no certificate`
        : `${member} rejects the certificate that ${initiator(edge)} presents`;
  }
}

/** The connecting side in words; intruders have no name in the deployment. */
export function initiator({ edge, from, credential }: Edge): string {
  if (edge !== 'intruder') return from;
  if (from === 'nobody') return 'a client without a certificate';
  if (from === 'foreign') return 'a client with a certificate from an unknown CA';
  return credential === undefined ? from : `${from} with ${credential}`;
}

/** `accepted`, `rejected by node2`…, as predicted. */
export function outcomeWords(edge: Edge): string {
  const { outcome, refusedBy, from, to, member = to } = edge;
  if (outcome !== 'refused')
    return outcome === 'accepted' ? 'accepted' : 'cannot tell from the files';
  const by = { client: from, server: member, start: `${member}, which does not start` };
  const words = refusedBy === undefined ? undefined : { ...by, 'never-dials': from }[refusedBy];
  return words === undefined ? 'rejected' : `rejected by ${words}`;
}
