/** Lines of at most `width` columns; words longer than that are cut, so that no line ever overflows. */
export function wrap(text: string, width: number): readonly string[] {
  const words = text
    .split(' ')
    .flatMap((word) => (columns(word) > width ? cut(word, width) : [word]));
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of words) {
    const more = columns(word);
    const isFirst = line === '';
    if (isFirst || used + 1 + more > width) {
      if (!isFirst) lines.push(line);
      line = word;
      used = more;
    } else {
      line = `${line} ${word}`;
      used += 1 + more;
    }
  }
  return [...lines, line];
}

const fullWidth =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

const ascii = /^[\x20-\x7e]*$/;

/** Full-width characters take two columns of a terminal. */
function columns(text: string): number {
  if (ascii.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += fullWidth.test(character) ? 2 : 1;
  return sum;
}

function cut(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const more = columns(character);
    if (used + more > width) {
      const end = endOfLine(piece, character);
      pieces.push(piece.slice(0, end));
      piece = piece.slice(end);
      used = columns(piece);
    }
    piece += character;
    used += more;
  }
  return [...pieces, piece];
}

/** The items of a list stay whole where they can: cipher suites are read one by one. Else the parts of a name do. */
function endOfLine(piece: string, next: string): number {
  const item = piece.lastIndexOf(',') + 1;
  if (item > 0) return item;
  const parts = ['/', '.', '-'].map((mark) => piece.lastIndexOf(mark) + 1);
  const whole = next === ',' ? piece.search(/.$/su) : piece.length;
  return parts.find((end) => end > piece.length / 2) ?? (whole || piece.length);
}
