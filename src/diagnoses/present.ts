/** The properties that have a value; optional ones of the type asked for are left out, not undefined. */
export function present<Type extends object>(
  values: Type,
): { [Key in keyof Type]?: Exclude<Type[Key], undefined> } {
  const kept: { [Key in keyof Type]?: Exclude<Type[Key], undefined> } = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) Object.assign(kept, { [key]: value });
  }
  return kept;
}
