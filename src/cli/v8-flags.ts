/**
 * The files of a run are kept to its end: a larger space for new objects would only be copied and add to the memory.
 * Most objects of a connection are dropped with it. In a small space `verify` copies those that are in use some thirty
 * times, and V8 collects all objects once; with a larger one, in runs on a few members, it does not.
 */
const spaceFor = {
  files: '--semi-space-growth-factor=1',
  connections: '--semi-space-growth-factor=16',
};

/**
 * Regular expressions, of which each start needs some three hundred, are run as they are read: improving the bytecode of
 * one takes longer than reading it did. Machine code is made of it after 30 runs instead of one; over a long text, after
 * one as ever.
 */
const always = [spaceFor.files, '--no-regexp-peephole-optimization', '--regexp-tier-up-ticks=30'];

/** Types are noted after four times as many calls of a function as by default, machine code is made after ten times. */
const byCalls = [
  '--invocation-count-for-feedback-allocation=32',
  '--invocation-count-for-turbofan=30000',
];

/** Where Maglev makes machine code first, and Sparkplug does so on a thread of its own. */
const withMaglev = [
  ...byCalls,
  '--invocation-count-for-maglev=4000',
  '--baseline-batch-compilation-threshold=131072',
];

/** By the major release of V8: those of Node 20, 22, 24 and 26. The first of them counts bytecode instead of calls. */
const flags: ReadonlyMap<string, readonly string[]> = new Map([
  [
    '11',
    [
      ...always,
      '--interrupt-budget-factor-for-feedback-allocation=32',
      '--interrupt-budget=675840',
    ],
  ],
  ['12', [...always, ...byCalls]],
  ['13', [...always, ...withMaglev]],
  ['14', [...always, ...withMaglev]],
]);

/** What every command loads of Node, and what some load besides. */
const ofAll = ['node:crypto', 'node:process'];
const ofCommands: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'verify',
    [
      'node:dns',
      'node:dns/promises',
      'node:fs/promises',
      'node:http2',
      'node:os',
      'node:perf_hooks',
      'node:tls',
      'node:zlib',
    ],
  ],
  ['explain', ['node:fs/promises']],
]);

/** Runs what makes or takes compiled code. */
export type WhileCompiling = <Made>(make: () => Made) => Made;

/**
 * Sets V8 for runs that end soon: most are over before machine code has saved what its making costs, a tenth of the
 * time that a `check` of a few members takes. Those over thousands of files take as long as by default. V8 takes
 * compiled code under the flags alone with which it was made: what is built into Node is loaded before, what is kept of
 * the program after. Where a command has a flag of its own, the function that is returned sets that of the others
 * while it runs what makes or takes compiled code.
 */
export function setFlags(command = ''): WhileCompiling {
  for (const name of [...ofAll, ...(ofCommands.get(command) ?? [])]) process.getBuiltinModule(name);
  // Made when it is first asked for.
  void process.stdout;
  const [major = ''] = process.versions.v8.split('.');
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  for (const flag of flags.get(major) ?? []) setFlagsFromString(flag);
  if (command !== 'verify' || !flags.has(major)) return (make) => make();

  setFlagsFromString(spaceFor.connections);
  return (make) => {
    setFlagsFromString(spaceFor.files);
    try {
      return make();
    } finally {
      setFlagsFromString(spaceFor.connections);
    }
  };
}
