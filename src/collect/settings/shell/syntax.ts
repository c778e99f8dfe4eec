import type { HereDocument, Token, Word } from './lex.ts';

export interface Redirection {
  readonly operator: string;
  readonly target: Word;
  readonly document?: HereDocument;
}

/** The grammar of POSIX sh (POSIX.1-2017, 2.10) with what bash adds to it. */
export type Node = { readonly line: number } & (
  | {
      readonly kind: 'simple';
      readonly words: readonly Word[];
      readonly redirections: readonly Redirection[];
      /** What it expands in addition, in a way that is not followed. */
      readonly unread?: readonly Word[];
    }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  /** `a && b || c`, from left to right. */
  | { readonly kind: 'and-or'; readonly first: Node; readonly rest: readonly AndOr[] }
  | { readonly kind: 'pipeline'; readonly items: readonly Node[]; readonly isNegated: boolean }
  /** `( … )`, and `command &`, for which the shell does not wait. */
  | { readonly kind: 'subshell'; readonly body: Node; readonly isBackground: boolean }
  | {
      readonly kind: 'redirected';
      readonly body: Node;
      readonly redirections: readonly Redirection[];
    }
  | { readonly kind: 'if'; readonly clauses: readonly Clause[]; readonly otherwise?: Node }
  | {
      readonly kind: 'while';
      readonly condition: Node;
      readonly body: Node;
      readonly isUntil: boolean;
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      /** Absent for `"$@"`. */
      readonly words?: readonly Word[];
      readonly body: Node;
    }
  | { readonly kind: 'case'; readonly subject: Word; readonly branches: readonly Branch[] }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly body: Node;
      /** `function NAME` rather than `NAME()`. */
      readonly isKeyword: boolean;
    }
  /** `((…))`, with the variables that it may set. */
  | {
      readonly kind: 'arithmetic';
      readonly names: readonly string[];
      readonly words: readonly Word[];
    }
  /** What is in no grammar that is known, to the end of the script. */
  | { readonly kind: 'unknown'; readonly reason: string }
);

export interface AndOr {
  readonly operator: '&&' | '||';
  readonly node: Node;
}

export interface Clause {
  readonly condition: Node;
  readonly body: Node;
}

export interface Branch {
  readonly patterns: readonly Word[];
  readonly body: Node;
  /** `;;`, or what bash has to go on with the next branch. */
  readonly end: string;
}

/** What an unquoted word without expansions says; undefined for other words. */
export function bare(word: Token | undefined): string | undefined {
  if (word?.kind !== 'word') return undefined;
  const isPlain = word.parts.every((part) => part.kind === 'text' && !part.quoted);
  return isPlain ? word.parts.map((part) => ('text' in part ? part.text : '')).join('') : undefined;
}
