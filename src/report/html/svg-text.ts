import { printable } from '../escape.ts';
import { type Markup, markup } from './markup.ts';

/** Text of at most so many characters at a place, with the whole of it as a tooltip when cut. */
export function label(
  text: string,
  at: {
    readonly x: number;
    readonly y: number;
    readonly characters: number;
    readonly kind?: string;
  },
): Markup {
  const whole = printable(text);
  const cut = whole.length > at.characters;
  const shown = cut ? `${whole.slice(0, at.characters - 1)}…` : whole;
  return markup`<text x="${at.x}" y="${at.y}" class="${at.kind ?? 'label'}">${shown}${cut && markup`<title>${whole}</title>`}</text>`;
}
