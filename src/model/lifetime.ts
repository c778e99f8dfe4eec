/** From which release of etcd on something is so, or up to which. */
export type Lifetime = { readonly since: string } | { readonly before: string };
