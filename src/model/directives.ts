import type { EnvironmentVariable } from './settings.ts';

/** What is said of a process itself, in the words of systemd.exec(5). */
export type Directive = EnvironmentVariable;

/** The last of equal directives, which replaces those before it. */
export function lastOf(directives: readonly Directive[], name: string): Directive | undefined {
  return directives.findLast((directive) => directive.name === name);
}

/** A boolean as systemd reads it (systemd.syntax(7)). */
export function isOn({ value }: Directive): boolean {
  return /^(?:yes|y|true|t|on|1)$/i.test(value);
}
