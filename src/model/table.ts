/**
 * A table that is asked for keys from outside. It has no prototype: a setting, a file or a log line may say
 * `constructor`, which every ordinary object has.
 */
export function table<Value>(
  entries: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const own = { ...entries };
  Object.setPrototypeOf(own, null);
  return own;
}
