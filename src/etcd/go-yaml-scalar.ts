/** A plain scalar of YAML as go-yaml resolves it. */
export interface GoScalar {
  readonly value: string | number | boolean | null;
  /** What etcd sees where it wants text, if that is not the value itself: `0x1f` is `31`. */
  readonly asText?: string;
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...spellings(['y', 'yes', 'on', 'true'], true),
  ...spellings(['n', 'no', 'off', 'false'], false),
  ...spellings(['null'], null),
  ['~', null],
  ['', null],
]);

/** In lower case, capitalised, and in upper case: go-yaml knows no other mixture. */
function spellings<Value>(
  names: readonly string[],
  value: Value,
): readonly (readonly [string, Value])[] {
  return names.flatMap((name) => {
    const capitalised = name.charAt(0).toUpperCase() + name.slice(1);
    return [name, capitalised, name.toUpperCase()].map((each) => [each, value] as const);
  });
}

const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * Resolves an unquoted scalar as etcd's decoder does (go.yaml.in/yaml resolve.go, by way of
 * sigs.k8s.io/yaml, which turns numbers and truth values back into text where Go wants text). Dates stay
 * text.
 */
export function resolveGoScalar(source: string): GoScalar {
  const word = words.get(source);
  if (word !== undefined) return { value: word };
  const infinite = /^([-+]?)\.(?:inf|Inf|INF)$/.exec(source);
  if (infinite !== null) return textual(infinite[1] === '-' ? '-Inf' : '+Inf');
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) return textual('NaN');
  if (!/^[-+.\d]/.test(source)) return { value: source };

  const plain = source.replaceAll('_', '');
  const whole = integer(plain);
  if (whole !== undefined) return { value: Number(whole), asText: String(whole) };
  const number = Number(plain);
  if (!float.test(plain) || !Number.isFinite(number)) return { value: source };
  return { value: number, asText: formatFloat32(number) };
}

/** JSON has no such number, so that etcd refuses the file that has one; the text is Go's spelling. */
function textual(asText: string): GoScalar {
  return { value: asText, asText };
}

/** Go's strconv.ParseInt and ParseUint with base 0. */
function integer(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.+)$/s.exec(text) ?? [];
  const magnitude = magnitudeOf(digits);
  if (magnitude === undefined) return undefined;
  const value = sign === '-' ? -magnitude : magnitude;
  const most = sign === '' ? 2n ** 64n : 2n ** 63n;
  return value >= -(2n ** 63n) && value < most ? value : undefined;
}

function magnitudeOf(digits: string): bigint | undefined {
  const octal = /^0[oO]?([0-7]+)$/.exec(digits)?.[1];
  if (octal !== undefined) return BigInt(`0o${octal}`);
  const isNumber = /^(?:0[xX][\da-fA-F]+|0[bB][01]+|0|[1-9]\d*)$/.test(digits);
  return isNumber ? BigInt(digits) : undefined;
}

/** Go's strconv.FormatFloat(value, 'g', -1, 32): the fewest digits that give the same float32. */
function formatFloat32(value: number): string {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) return rounded < 0 ? '-Inf' : '+Inf';
  const precision = [1, 2, 3, 4, 5, 6, 7, 8].find(
    (digits) => Math.fround(Number(rounded.toExponential(digits - 1))) === rounded,
  );
  const [mantissa = '', exponent = '0'] = rounded.toExponential((precision ?? 9) - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(`${mantissa}e${power}`));
  return `${mantissa}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}
