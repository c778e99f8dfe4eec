import { audit } from '../../../src/audit.ts';
import { directoryWith } from '../../support/directory.ts';

/** A limit: the constant below src that holds it, why it is there, and what happens beyond it. */
export interface Limit {
  readonly of: string;
  readonly unit?: 'bytes' | 'characters' | 'ms';
  readonly file: string;
  readonly constant: string;
  readonly why: string;
  readonly beyond: string;
  /** Reads an input that is just beyond the limit, and gives all that is said of it. */
  readonly read: () => Promise<string>;
  /** What is said of it because of the limit alone. */
  readonly says: RegExp;
}

export const unread = 'listed as not understood, and the result is not PASS';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A set that is never complete, with these files in it. */
export const withFiles = (files: Files): (() => Promise<string>) => {
  return async () => {
    await using set = await directoryWith({
      'client.env': 'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379\n',
      ...files,
    });
    return await checked(set.path);
  };
};

/** What the verdict on a directory says. */
export async function checked(path: string): Promise<string> {
  const { verdict } = await audit({ paths: [path], maps: [] });
  if (verdict.status === 'pass') throw new Error('PASS');
  return JSON.stringify(verdict.notUnderstood);
}

/** What something gives, or refuses with. */
export async function answerOf(
  run: () => Promise<object | boolean | number> | boolean,
): Promise<string> {
  try {
    return JSON.stringify(await run());
  } catch (error) {
    return String(error);
  }
}

export const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
