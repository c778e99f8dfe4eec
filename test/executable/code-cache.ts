import { z } from 'zod';

/**
 * A module that Node loads first: at the end it prints which scripts had code that V8 took, with its length in bytes, and
 * which did not.
 */
export const cacheProbe = `
const vm = require('node:vm');
const seen = { taken: [], bytes: {}, rejected: [] };
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    (this.cachedDataRejected === false ? seen.taken : seen.rejected).push(options.filename);
    seen.bytes[options.filename] = options.cachedData?.length;
  }
};
process.on('exit', () => process.stderr.write('\\nCODE-CACHE ' + JSON.stringify(seen) + '\\n'));
`;

const seen = z.object({
  taken: z.array(z.string()),
  bytes: z.record(z.string(), z.number()),
  rejected: z.array(z.string()),
});

export function codeCacheOf(stderr: string): z.infer<typeof seen> {
  const [, line] = /^CODE-CACHE (.*)$/m.exec(stderr) ?? [];
  if (line === undefined) throw new Error(`the probe was not loaded: ${stderr}`);
  return seen.parse(JSON.parse(line));
}
