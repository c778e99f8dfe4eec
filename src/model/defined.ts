type Defined<Values> = {
  [Key in keyof Values as undefined extends Values[Key] ? Key : never]?: Exclude<
    Values[Key],
    undefined
  >;
} & { [Key in keyof Values as undefined extends Values[Key] ? never : Key]: Values[Key] };

/** Leaves out what is undefined, so that settings compare and print as what was set. */
export function defined<Values extends object>(values: Values): Defined<Values>;
export function defined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
