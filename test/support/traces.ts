/** How bytes would show themselves: in the three alignments of base64, and in hex as programs write it. */
export function tracesOf(bytes: Buffer): readonly string[] {
  const aligned = [0, 1, 2].map((skipped) =>
    bytes.subarray(skipped).toString('base64').slice(0, 20),
  );
  const hex = bytes.toString('hex').slice(0, 32);
  return [...aligned, hex, hex.toUpperCase(), hex.replaceAll(/..(?=.)/g, '$&:')];
}
