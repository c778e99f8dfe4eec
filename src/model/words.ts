/** A list as a person writes it, with nothing twice: `a, b and c`, or `a, b and 7 others` when it is long. */
export function enumerate(all: readonly string[], most: number = 8): string {
  const items = [...new Set(all)];
  if (items.length <= 1) return items.join('');
  const shown = items.length > most ? items.slice(0, most - 1) : items.slice(0, -1);
  const others = items.length - shown.length;
  return `${shown.join(', ')} and ${others === 1 ? items.at(-1) : `${others} others`}`;
}

/** What a file name says: its runs of letters, in small ones. */
export function lettersIn(name: string): readonly string[] {
  return name.toLowerCase().split(/[^a-z]+/);
}

/** `1 member`, `3 members`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A member or client in a sentence; `you` is the client that the command line describes. */
export function nameInWords(name: string): string {
  return name === 'you' ? 'this client' : name;
}

/** A word as a shell takes it, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[\w./@%+:,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
