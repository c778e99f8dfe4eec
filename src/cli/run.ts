import { InputError } from '../input-error.ts';
import { systemWords } from '../collect/files/system-words.ts';
import { ignoreClosedPipe } from './closed-pipe.ts';
import { exitCodes } from './exit-code.ts';
import { programName } from './program-name.ts';
import { program } from './program.ts';
import { tell, tellLines } from './standard-error.ts';

/** Runs one command line to its end and says with which code the process should exit. `complaint` is told first. */
export async function run(args: readonly string[], complaint?: string): Promise<number> {
  ignoreClosedPipe(process.stdout, endWithoutOutput);
  if (complaint !== undefined) tell(`etcd-tls-audit: ${complaint}`);

  const outcome = { code: exitCodes.pass as number };
  const finish = (code: number) => {
    outcome.code = code;
  };
  const commands = program(finish, programName(process.argv0), args[0]);
  try {
    await commands.parseAsync(args, { from: 'user' });
    return outcome.code;
  } catch (error) {
    return explainFailure(error);
  }
}

/** A verdict without its report, or evidence that is cut off, is no success. */
function endWithoutOutput(error: Error): never {
  tell(`etcd-tls-audit: cannot write to standard output: ${systemWords(error)}`);
  tell('hint: check whether the disk is full');
  process.exit(exitCodes.badInput);
}

function explainFailure(error: unknown): number {
  if (error instanceof InputError) {
    tell(`etcd-tls-audit: ${error.message}`);
    if (error.hint !== undefined) tell(`hint: ${error.hint}`);
    return exitCodes.badInput;
  }
  if (isCommanderError(error)) {
    // Commander has already said it; asking for help or the version is no mistake.
    return error.exitCode === 0 ? exitCodes.pass : exitCodes.badInput;
  }
  if (error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;

  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell(
    'etcd-tls-audit: internal error in this program, not in your cluster; please report the following',
  );
  tellLines(trace);
  return exitCodes.incomplete;
}

function isCommanderError(error: unknown): error is Error & { readonly exitCode: number } {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
}
