import type { FileMatch, Guess } from '../../model/inventory.ts';
import { baseName } from './match-files.ts';

/** Tells which given files stand for deployed paths, where that was found by name, and which were not found. */
export function guessMatches(
  owners: readonly { readonly name: string; readonly files: readonly FileMatch[] }[],
): readonly Guess[] {
  const guesses = new Map<string, Guess>();
  for (const { name, files } of owners) {
    for (const match of files) {
      const guess = guessMatch(match, name);
      if (guess !== undefined) guesses.set(`${match.deployed} ${guess.conclusion}`, guess);
    }
  }
  return [...guesses.values()];
}

function guessMatch({ deployed, file, because }: FileMatch, owner: string): Guess | undefined {
  if (file === undefined) {
    const conclusion = `named by ${owner}; not among the files given`;
    return { about: deployed, conclusion, because, ambiguous: because.includes('--map') };
  }
  if (!because.includes('of this name')) return undefined;
  return { about: baseName(file), conclusion: `stands for ${deployed}`, because, ambiguous: false };
}
