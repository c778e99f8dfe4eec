import { counted } from '../../model/words.ts';

const day = 24 * 60 * 60 * 1000;

/** `2026-03-01 (in 12 days)`: absolute and relative, for messages. */
export function showDate(iso: string, now: Date): string {
  const days = daysBetween(now, new Date(iso));
  const date = iso.slice(0, 10);
  if (days === 0) return `${date} (today)`;
  return days > 0
    ? `${date} (in ${counted(days, 'day')})`
    : `${date} (${counted(-days, 'day')} ago)`;
}

/** `2026-03-01 10:20:30 UTC`. */
export function showMoment(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

/** Whole days from one moment to another; negative when the other came first. */
export function daysBetween(from: Date, to: Date): number {
  return Math.trunc((to.getTime() - from.getTime()) / day);
}

/** A span in words: `40 seconds`, `3 hours`, `12 days`. */
export function spoken(milliseconds: number): string {
  const seconds = Math.abs(milliseconds) / 1000;
  if (seconds < 100) return counted(Math.round(seconds), 'second');
  if (seconds < 100 * 60) return counted(Math.round(seconds / 60), 'minute');
  if (seconds < 48 * 3600) return counted(Math.round(seconds / 3600), 'hour');
  return counted(Math.round(seconds / 86_400), 'day');
}
