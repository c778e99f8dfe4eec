/** The same text as a terminal shows it: cut anywhere, with what stands in front of each row. */
export function cut(text: string, width: number, margin = ''): string {
  const room = width - margin.length;
  return text.replaceAll(/^.+$/gm, (line) =>
    Array.from(
      { length: Math.ceil(line.length / room) },
      (_, index) => margin + line.slice(index * room, (index + 1) * room),
    ).join('\n'),
  );
}

interface Margins {
  readonly first?: string;
  readonly rest?: string;
}

/** The same text as a mail program sends it: broken at blanks, and words without room in any row cut. */
export function broken(text: string, width: number, { first = '', rest = first }: Margins = {}) {
  return text
    .split('\n')
    .map((line) => brokenLine(line, width, [first, rest]))
    .join('\n');
}

function brokenLine(line: string, width: number, [first, rest]: readonly [string, string]): string {
  const rows: string[] = [];
  let row = first;
  const isEmpty = () => row.length === (rows.length === 0 ? first : rest).length;
  const end = (next: string) => {
    rows.push(row);
    row = rest + next;
  };
  for (const word of line.split(' ')) {
    if (isEmpty()) row += word;
    else if (row.length + 1 + word.length > width) end(word);
    else row += ` ${word}`;
    while (row.length > width) {
      const over = row.slice(width);
      row = row.slice(0, width);
      end(over);
    }
  }
  return [...rows, row].join('\n');
}
