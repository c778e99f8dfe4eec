/** The last value of a key in a list such as `rsa1024min=0,tlsrsakex=1` (runtime, GODEBUG). */
export function goDebugValue(list: string | undefined, key: string): string | undefined {
  const item = list?.split(',').findLast((each) => each.startsWith(`${key}=`));
  return item?.slice(key.length + 1);
}
