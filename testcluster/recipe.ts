import { fromPem } from './issue/der.ts';
import {
  type Authority,
  type AuthorityOptions,
  issueAuthority,
  type Issued,
  type LeafOptions,
} from './issue/issue.ts';
import { inForm, type KeyForm } from './issue/keys.ts';

/** A cert set as data: who signs, what is signed, and which files come of it. */
export interface Recipe {
  readonly authorities: Readonly<Record<string, AuthorityRecipe>>;
  /** By the stem of the file names: `node_1` makes node_1_cert.pem and node_1_key_insecure.pem. */
  readonly leaves: Readonly<Record<string, LeafRecipe>>;
  /** Files in addition to those, or instead of one of those. */
  readonly files: Readonly<Record<string, FileRecipe>>;
}

export type AuthorityRecipe = Omit<AuthorityOptions, 'issuedBy' | 'keyOf'> & {
  /** Names of authorities made before. */
  readonly signedBy?: string;
  readonly withKeyOf?: string;
};

export type LeafRecipe = LeafOptions & {
  readonly signedBy: string;
  /** Authorities whose certificates follow the leaf in its file. */
  readonly followedBy?: readonly string[];
  readonly keyForm?: KeyForm;
  /** Makes a key that is of no usual kind. */
  readonly ownKey?: () => Promise<string>;
};

/** What a file holds, given everything that was issued. Undefined means that there is no such file. */
export type FileRecipe = (made: Made) => Content | undefined | Promise<Content>;

export type Content = string | Uint8Array;

/** Everything that was issued, by the names in the recipe. */
export interface Made {
  authority(name: string): Authority;
  leaf(name: string): Issued;
}

/** Issues everything and gives the content of each file, by its name. */
export async function make(recipe: Recipe): Promise<Readonly<Record<string, Content>>> {
  const authorities = await makeAuthorities(recipe);
  const leaves = await makeLeaves(recipe, authorities);
  const made: Made = {
    authority: (name) => found(authorities, name),
    leaf: (name) => found(leaves, name),
  };
  const files = { ...ordinaryFiles(recipe), ...recipe.files };
  const contents = await Promise.all(
    Object.entries(files).map(async ([name, file]) => [name, await file(made)] as const),
  );
  return Object.fromEntries(
    contents.filter((entry): entry is readonly [string, Content] => entry[1] !== undefined),
  );
}

async function makeAuthorities(recipe: Recipe): Promise<ReadonlyMap<string, Authority>> {
  const made = new Map<string, Authority>();
  for (const [name, { signedBy, withKeyOf, ...options }] of Object.entries(recipe.authorities)) {
    const authority = await issueAuthority({
      ...options,
      ...(signedBy === undefined ? {} : { issuedBy: found(made, signedBy) }),
      ...(withKeyOf === undefined ? {} : { keyOf: found(made, withKeyOf) }),
    });
    made.set(name, authority);
  }
  return made;
}

async function makeLeaves(
  recipe: Recipe,
  authorities: ReadonlyMap<string, Authority>,
): Promise<ReadonlyMap<string, Issued>> {
  const made = Object.entries(recipe.leaves).map(async ([name, { ownKey, ...leaf }]) => {
    const key = ownKey === undefined ? {} : { keyOf: { privateKeyPem: await ownKey() } };
    return [name, await found(authorities, leaf.signedBy).issue({ ...leaf, ...key })] as const;
  });
  return new Map(await Promise.all(made));
}

/** Authorities have no key file: theirs must not be next to the certificates that it signs. */
function ordinaryFiles(recipe: Recipe): Readonly<Record<string, FileRecipe>> {
  const authorities = Object.keys(recipe.authorities).map((name): [string, FileRecipe] => [
    `${name}_cert.pem`,
    certificateOf(name),
  ]);
  const leaves = Object.entries(recipe.leaves).flatMap(([name, leaf]): [string, FileRecipe][] => [
    [`${name}_cert.pem`, chainOf(name, leaf.followedBy)],
    [`${name}_key_insecure.pem`, keyOf(name, leaf.keyForm)],
  ]);
  return Object.fromEntries([...authorities, ...leaves]);
}

/** The certificates of authorities one after another, as a bundle has them. */
export function certificateOf(...names: readonly string[]): FileRecipe {
  return (made) => names.map((name) => made.authority(name).certificatePem).join('');
}

/** A leaf and the authorities above it. */
export function chainOf(name: string, followedBy: readonly string[] = []): FileRecipe {
  return (made) =>
    [made.leaf(name), ...followedBy.map((each) => made.authority(each))]
      .map(({ certificatePem }) => certificatePem)
      .join('');
}

export function keyOf(name: string, form: KeyForm = 'PKCS#8'): FileRecipe {
  return (made) => inForm(made.leaf(name).privateKeyPem, form);
}

/** The same bytes without the letters around them. */
export function asDer(file: FileRecipe): FileRecipe {
  return rewritten(file, fromPem);
}

/** Another file's content with something done to it. */
export function rewritten(file: FileRecipe, change: (text: string) => Content): FileRecipe {
  return async (made) => change(String(await file(made)));
}

/** The recipe of a file that the set lacks. */
export const noFile: FileRecipe = () => undefined;

function found<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`the recipe names ${name} before or without making it`);
  }
  return value;
}
