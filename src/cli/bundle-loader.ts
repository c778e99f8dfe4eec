import { Script } from 'node:vm';
import type { WhileCompiling } from './v8-flags.ts';

/** Where the files of the bundle are, and what V8 made of them earlier. */
export interface Store {
  /** The text of a function of exports, require and module. */
  source(file: string): string;
  compiled(file: string): Buffer | undefined;
  readonly whileCompiling: WhileCompiling;
  /** Hears of each file that was compiled. */
  readonly onScript?: (file: string, script: Script) => void;
}

export type Load = (file: string) => Readonly<Record<string, unknown>>;

interface Module {
  exports: Readonly<Record<string, unknown>>;
}

type Evaluate = (exports: object, require: (id: string) => unknown, module: Module) => void;

/** `require` for the files of a bundle; `other` is for what is outside it. */
export function loaderOf(store: Store, other: (id: string) => unknown): Load {
  const modules = new Map<string, Module>();
  const load: Load = (file) => {
    const known = modules.get(file);
    if (known !== undefined) return known.exports;
    const module: Module = { exports: {} };
    modules.set(file, module);
    const cachedData = store.compiled(file);
    const source = store.source(file);
    const options = { filename: file, ...(cachedData !== undefined && { cachedData }) };
    const script = store.whileCompiling(() => new Script(source, options));
    store.onScript?.(file, script);
    const evaluate: unknown = script.runInThisContext();
    if (!isEvaluate(evaluate)) throw new Error(`${file} is not a function`);
    evaluate(module.exports, requireFrom, module);
    return module.exports;
  };
  const requireFrom = (id: string) => (id.startsWith('./') ? load(id.slice(2)) : other(id));
  return load;
}

/** Runs one command line to its end and says with which code the process should exit. `complaint` is told first. */
export type Run = (args: readonly string[], complaint?: string) => Promise<number>;

/** What the entry of the bundle exports. */
export function loadRun(load: Load, entry: string): Run {
  const { run } = load(entry);
  if (!isRun(run)) throw new Error('the bundle has no function run');
  return run;
}

function isRun(value: unknown): value is Run {
  return typeof value === 'function';
}

function isEvaluate(value: unknown): value is Evaluate {
  return typeof value === 'function';
}
