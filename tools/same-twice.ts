/**
 * Compiles until two runs in a row give the same, and returns that. Which functions run depends a little on the keys and
 * serial numbers of a cert set, which are new each time: sets that need one more are passed over, so that the same sources
 * build to the same bytes.
 */
export async function sameTwice(compile: () => Promise<string>): Promise<string> {
  let earlier: string | undefined;
  for (let tried = 0; tried < 10; tried += 1) {
    const compiled = await compile();
    if (compiled === earlier) return compiled;
    earlier = compiled;
  }
  throw new Error('V8 compiled the program in ten different ways');
}
