type Defined<Values> = {
  [Key in keyof Values as undefined extends Values[Key] ? Key : never]?: Exclude<
    Values[Key],
    undefined
  >;
} & { [Key in keyof Values as undefined extends Values[Key] ? never : Key]: Values[Key] };

/** Names that stand in the source: one that comes from outside may be `__proto__`. */
type Named<Values> = string extends keyof Values ? never : Values;

interface ByName {
  [name: string]: unknown;
}

/** Leaves out what is undefined, so that settings compare and print as what was set. */
export function defined<Values extends object>(values: Named<Values>): Defined<Values>;
export function defined(values: ByName): object {
  const kept: ByName = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
