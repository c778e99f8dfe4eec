import { InputError } from '../input-error.ts';
import { isIpAddress } from '../model/host.ts';
import { severities, type Severity } from '../model/severity.ts';

/** A release with what a distribution or an image adds to it. */
const releases = {
  etcdVersion: /^(?:v?\d+\.\d+(?:\.\d+)?(?:[-+~_].*)?|main|master)$/i,
  goVersion: /^(?:go)?\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?(?:b\d+)?(?:[ +-].*)?$/i,
};

/** The values of a command line, as its parser leaves them: names to anything. */
export class OptionReader {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(options: object) {
    this.#values = Object.fromEntries(Object.entries(options));
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** Whether an option was given at all; flags that are off by default count when they are on. */
  isGiven(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== false;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** True when the operator turned something off that is on by itself (`--no-…`). */
  isFalse(name: string): boolean {
    return this.#values[name] === false;
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** A repeatable option whose values may hold several, comma-separated. */
  commaList(name: string): readonly string[] {
    return this.list(name)
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '');
  }

  choice<const Choice extends string>(
    name: string,
    choices: readonly Choice[],
  ): Choice | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${value}"`, {
      hint: `use one of ${choices.join(', ')}`,
    });
  }

  severity(name: string): Severity | undefined {
    return this.choice(name, severities);
  }

  /** Milliseconds, from `5s`, `800ms`, `2m` or a bare number of seconds. */
  duration(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(value) ?? [];
    const milliseconds = Number(number) * (millisecondsPer.get(unit) ?? Number.NaN);
    if (milliseconds > 0) return milliseconds;
    throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${value}"`, {
      hint: 'give a number and a unit, such as 5s or 800ms',
    });
  }

  /** Whole days, from `60d` or a bare number. */
  days(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const [, number] = /^(\d{1,5})d?$/.exec(value) ?? [];
    if (number !== undefined) return Number(number);
    throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${value}"`, {
      hint: 'give a number of days, such as 60d',
    });
  }

  positiveInteger(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
    throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${value}"`, {
      hint: 'give a whole number from 1',
    });
  }

  /** A release such as `3.5.21`, `v3.5` or `go1.23`; a typing error would be judged by other rules. */
  release(name: keyof typeof releases): string | undefined {
    const value = this.text(name);
    if (value === undefined || releases[name].test(value.trim())) return value;
    throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${value}"`, {
      hint:
        name === 'goVersion' ? 'give a release such as 1.23.8' : 'give a release such as 3.5.21',
    });
  }

  /** `A=B` pairs of a repeatable option. */
  pairs(name: string): readonly (readonly [string, string])[] {
    return this.list(name).map((value) => {
      const at = value.indexOf('=');
      if (at > 0 && at < value.length - 1) return [value.slice(0, at), value.slice(at + 1)];
      throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${value}"`, {
        hint: 'give two values with an equals sign between them',
      });
    });
  }

  /** `NAME=ADDRESS` pairs of a repeatable option, or `ADDRESS=NAME` for what an address resolves to. */
  addresses(name: string): readonly (readonly [string, string])[] {
    const pairs = this.pairs(name);
    const wrong = pairs.find((pair) => !pair.some(isIpAddress));
    if (wrong === undefined) return pairs;
    throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${wrong.join('=')}"`, {
      hint: 'give a host name and an IP address, such as etcd-1.example.org=10.0.0.1',
    });
  }

  /** A moment, from a date or a date with time. */
  instant(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const moment = momentIn(value);
    if (moment !== undefined) return moment;
    throw new InputError('OPTION_INVALID', `${flagOf(name)} cannot be "${value}"`, {
      hint: 'give a date such as 2027-01-31 or 2027-01-31T12:00:00Z',
    });
  }
}

/** A day, and a time with its zone, UTC where none is given; the calendar has no 30 February. */
function momentIn(text: string): string | undefined {
  const [, day = '', time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|UTC|[+-]\d{2}:\d{2})?)?$/.exec(
      text,
    ) ?? [];
  const midnight = new Date(day);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  const moment = new Date(`${day}T${time}${zone === 'UTC' ? 'Z' : zone}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

const millisecondsPer: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
]);

/** `--fail-on` for `failOn`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
