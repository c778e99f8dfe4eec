/** A question that our code and real Go both answer, with a text that is empty for acceptance. */
export type OracleCase = { readonly id: string } & (
  | { readonly op: 'parse' | 'pem' | 'crl' | 'old-crl'; readonly bytes: Uint8Array }
  | { readonly op: 'pair'; readonly certificate: Uint8Array; readonly key: Uint8Array }
  | ({ readonly op: 'verify' } & VerifyQuestion)
);

export interface VerifyQuestion {
  readonly leaf: Uint8Array;
  readonly roots: readonly Uint8Array[];
  readonly intermediates: readonly Uint8Array[];
  readonly host: string;
  readonly usage: 'serverAuth' | 'clientAuth' | 'any';
  readonly at: string;
}
