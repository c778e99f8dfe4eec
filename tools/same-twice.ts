/** Often enough that the same comes twice, under an emulator too: there, two runs in five give it. */
const mostRuns = 30;

/**
 * Compiles until a run gives what one before it gave, and returns that. Which functions run depends a little on the keys
 * and serial numbers of a cert set, which are new each time, and on when V8 collects garbage: what comes only once is
 * passed over, so that the same sources build to the same bytes.
 */
export async function sameTwice(compile: () => Promise<string>): Promise<string> {
  const seen = new Set<string>();
  while (seen.size < mostRuns) {
    const compiled = await compile();
    if (seen.has(compiled)) return compiled;
    seen.add(compiled);
  }
  throw new Error(`V8 compiled the program in ${mostRuns} different ways`);
}
