/** Dotted form, or undefined for what Go's cryptobyte refuses: arcs of 2³¹ and more, padded arcs. */
export function decodeObjectIdentifier(
  content: Uint8Array,
  mayPadArcs: () => boolean = never,
): string | undefined {
  const strict = decodeArcs(content, false);
  if (strict === undefined) {
    const padded = decodeArcs(content, true);
    return padded === undefined || !mayPadArcs() ? undefined : dot(padded);
  }
  return dot(strict);
}

export function never(): boolean {
  return false;
}

function decodeArcs(content: Uint8Array, mayPadArcs: boolean): readonly number[] | undefined {
  const arcs: number[] = [];
  let value = 0;
  let length = 0;
  for (const byte of content) {
    if (length === 5 || value >= 2 ** 24 || (length === 0 && byte === 0x80 && !mayPadArcs))
      return undefined;
    value = value * 128 + (byte & 0x7f);
    length += 1;
    if (byte < 0x80) {
      arcs.push(value);
      value = 0;
      length = 0;
    }
  }
  return length > 0 || arcs.length === 0 ? undefined : arcs;
}

function dot([first = 0, ...rest]: readonly number[]): string {
  const root = first < 80 ? [Math.floor(first / 40), first % 40] : [2, first - 80];
  return [...root, ...rest].join('.');
}

/**
 * Whether the bytes are an object identifier at all, with arcs of any size: Go keeps policies as bytes
 * since 1.22.
 */
export function isObjectIdentifier(content: Uint8Array): boolean {
  if (content.length === 0 || (content.at(-1) ?? 0) >= 0x80) return false;
  return content.every((byte, index) => {
    const startsArc = index === 0 || (content[index - 1] ?? 0) < 0x80;
    return !(startsArc && byte === 0x80);
  });
}
