import type { Node } from '../nodes.ts';
import type { ClientsPlan, MemberPlan, Plan } from '../plan.ts';
import type { AuthorityRecipe, FileRecipe, LeafRecipe, Recipe } from '../recipe.ts';

/** One mistake in a cluster that is sound otherwise, as data. */
export interface Fault {
  /** Also what `--fault` takes. */
  readonly name: string;
  /** The mistake as one statement. */
  readonly what: string;
  readonly changes: Changes;
  /** What the audit has to find, and about which member or file. */
  readonly finding?: { readonly check: string; readonly at: string };
  /** Members that cannot get ready because of it. */
  readonly unready?: readonly string[];
  /** Without a number from the catalogue of TLS mistakes where it is a variation of another. */
  readonly catalogue?: readonly number[];
  /** How many members show it; one where absent. */
  readonly members?: 1 | 3;
  /** First and last etcd that have the setting in question, `3.5` meaning any 3.5.x. */
  readonly since?: string;
  readonly until?: string;
}

/** What is different from the fixed settings of the document. */
export interface Changes {
  readonly authorities?: Readonly<Record<string, AuthorityRecipe>>;
  /** Only what is different; the rest of a leaf stays as it is. */
  readonly leaves?: Readonly<Record<string, Partial<LeafRecipe>>>;
  readonly files?: Readonly<Record<string, FileRecipe>>;
  /** Of the first member; undefined takes a variable away. */
  readonly environment?: Variables;
  /** Of every member. */
  readonly everywhere?: Variables;
  /** Command line of the first member. */
  readonly flags?: readonly string[];
  /** Of the first member's unit: the account it runs as, and what it does not see. */
  readonly directives?: MemberPlan['directives'];
  /** Configuration file of the first member, whose variables it is given. */
  readonly configFile?: (environment: MemberPlan['environment']) => string;
  readonly clients?: Partial<ClientsPlan>;
}

/** Variables as they are, or made of a member's addresses. */
export type Variables = MemberPlan['environment'] | ((node: Node) => MemberPlan['environment']);

/** Puts a fault into a sound plan. */
export function withFault(plan: Plan, { changes }: Fault): Plan {
  return {
    ...plan,
    recipe: changedRecipe(plan.recipe, changes),
    members: plan.members.map((member) => changedMember(member, changes)),
    clients: { ...plan.clients, ...changes.clients },
  };
}

function changedRecipe(recipe: Recipe, changes: Changes): Recipe {
  const { authorities = {}, leaves = {}, files = {} } = changes;
  const changedLeaves = Object.entries(leaves).map(([name, leaf]): [string, LeafRecipe] => [
    name,
    { signedBy: 'ca', ...recipe.leaves[name], ...leaf },
  ]);
  return {
    authorities: { ...recipe.authorities, ...authorities },
    leaves: { ...recipe.leaves, ...Object.fromEntries(changedLeaves) },
    files: { ...recipe.files, ...files },
  };
}

function changedMember(member: MemberPlan, changes: Changes): MemberPlan {
  const everywhere = { ...member.environment, ...variablesFor(member, changes.everywhere) };
  if (member.node.number !== 1) {
    return { ...member, environment: everywhere };
  }
  const { flags, configFile, directives } = changes;
  const own = variablesFor(member, changes.environment);
  return {
    ...member,
    environment: configFile === undefined ? { ...everywhere, ...own } : own,
    ...(flags === undefined ? {} : { flags }),
    ...(directives === undefined ? {} : { directives }),
    ...(configFile === undefined ? {} : { configFile: configFile(everywhere) }),
  };
}

function variablesFor({ node }: MemberPlan, variables: Variables = {}): MemberPlan['environment'] {
  return typeof variables === 'function' ? variables(node) : variables;
}

/** Dates around a moment far enough from it that no clock matters. */
export const longAgo: Pick<LeafRecipe, 'validFrom' | 'validTo'> = {
  validFrom: new Date('2020-01-01T00:00:00Z'),
  validTo: new Date('2021-01-01T00:00:00Z'),
};

export const farAhead: Pick<LeafRecipe, 'validFrom' | 'validTo'> = {
  validFrom: new Date('2048-01-01T00:00:00Z'),
  validTo: new Date('2049-01-01T00:00:00Z'),
};
