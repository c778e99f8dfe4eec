/**
 * What a failure or a refused connection is about, as data. A refused connection is part of a failure
 * only when both are about the same thing.
 */
export type About =
  /** `name`: a host or address that the certificate lacks, where nothing else is wrong with it. */
  | { readonly kind: 'certificate'; readonly sha256: string; readonly name?: string }
  /** A setting of a member or client, by its name or, for etcd, by the flag's name without dashes. */
  | { readonly kind: 'setting'; readonly owner: string; readonly setting: string }
  /** `host`: the member or client whose settings name this path; absent for a path as given. */
  | { readonly kind: 'file'; readonly path: string; readonly host?: string }
  /** `next`: set for a rejection that comes after another one of the same connection. */
  | { readonly kind: 'edge'; readonly edge: string; readonly next?: true };

/** The certificate as a whole. */
export function aboutCertificate({ sha256 }: { readonly sha256: string }): About {
  return { kind: 'certificate', sha256 };
}

/** The certificate's lack of a name. */
export function aboutName({ sha256 }: { readonly sha256: string }, name: string): About {
  return { kind: 'certificate', sha256, name };
}

/** A setting of a member or client. */
export function aboutSetting(owner: string, setting: string): About {
  return { kind: 'setting', owner, setting };
}

/** A file, by the path under which it was given or by a path in the settings of `host`. */
export function aboutFile(path: string, host?: string): About {
  return { kind: 'file', path, ...(host !== undefined && { host }) };
}

/** One predicted connection, and what is rejected on it: first, or next. */
export function aboutEdge({
  target,
  isNext,
}: {
  readonly target: { readonly name: string };
  readonly isNext?: true;
}): About {
  return { kind: 'edge', edge: target.name, ...(isNext && { next: true }) };
}
