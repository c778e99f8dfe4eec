import type { Random } from '../oracle/random.ts';
import { hostileText } from './hostile-text.ts';

/** One to four pieces cut out, doubled, or replaced by hostile text or by what means something in the format. */
export function withAccidents(text: string, signs: readonly string[], random: Random): string {
  let changed = text;
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const at = random.below(changed.length + 1);
    const end = Math.min(changed.length, at + random.below(12));
    const pieces = [
      '',
      changed.slice(at, end).repeat(random.below(40)),
      hostileText(random),
      random.pick(signs),
    ];
    changed = changed.slice(0, at) + random.pick(pieces) + changed.slice(end);
  }
  return changed;
}

/** The bytes in reads of random lengths, as a socket gives them. */
export function inReads(bytes: Buffer, random: Random): readonly Buffer[] {
  const reads: Buffer[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const length = 1 + random.below(random.pick([4, 200, bytes.length]));
    reads.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return reads;
}
