/** A place in a text file: where a setting is written, where a PEM block begins. */
export interface Location {
  /** Path as the operator would type it. */
  readonly file: string;
  /** Counted from 1; absent when the whole file is meant. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
}

/** The one thing a result is about. Its name is stable between runs: waivers and baselines rely on it. */
export interface Target {
  readonly kind: 'file' | 'endpoint' | 'member' | 'client' | 'edge' | 'cluster';
  readonly name: string;
  /** Where on disk the target comes from, for reports that point at files. */
  readonly location?: Location;
  /** The member that the target belongs to, by which reports group. */
  readonly member?: string;
  /** The cluster that the target belongs to, where there are several. */
  readonly cluster?: string;
}

export const wholeCluster: Target = { kind: 'cluster', name: 'cluster' };
