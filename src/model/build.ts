/** How a program was built, by what Go left in it (`go version -m`). */
export interface BuildFact {
  readonly host?: string;
  /** The program, as the operator names it. */
  readonly file: string;
  /** E.g. `1.24.0`. */
  readonly goVersion: string;
  /** GOEXPERIMENT, such as `boringcrypto`. */
  readonly experiments: readonly string[];
  /** The release of etcd's server module, where the build names one. */
  readonly etcdVersion?: string;
  /** What GODEBUG is set to where the environment says nothing else. */
  readonly defaultGodebug?: string;
  /** The FIPS 140-3 module that was built in (GOFIPS140). */
  readonly fips140?: string;
}
