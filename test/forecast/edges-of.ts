import { forecast } from '../../src/forecast/forecast.ts';
import type { Edge } from '../../src/model/forecast.ts';
import { evidenceOf } from './deployment.ts';

export function edgesOf(deployment: Parameters<typeof evidenceOf>[0]): readonly Edge[] {
  return forecast(evidenceOf(deployment));
}

export function refusals(edges: readonly Edge[]): readonly string[] {
  return edges
    .filter(({ outcome, wanted }) => wanted === 'accepted' && outcome !== 'accepted')
    .map(({ target, outcome, rule }) => `${target.name}: ${outcome} ${rule}`);
}
