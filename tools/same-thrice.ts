/** How often the same has to come: under load, what is seldom came twice before what is common did. */
const enough = 3;

/** Often enough that it does, under an emulator too: there, two runs in five give it. */
const mostRuns = 30;

/**
 * Compiles until a run gives what two before it gave, and returns that. Which functions run depends a little on the keys
 * and serial numbers of a cert set, which are new each time, and on when V8 collects garbage: what is seldom is passed
 * over, so that the same sources build to the same bytes.
 */
export async function sameThrice(compile: () => Promise<string>): Promise<string> {
  const seen = new Map<string, number>();
  for (let run = 0; run < mostRuns; run += 1) {
    const compiled = await compile();
    const times = (seen.get(compiled) ?? 0) + 1;
    if (times === enough) return compiled;
    seen.set(compiled, times);
  }
  throw new Error(`V8 compiled the program in ${seen.size} different ways`);
}
