import type { Location } from '../../model/target.ts';
import type { ProblemReason } from '../../model/problem-words.ts';
import { isMember } from './is-member.ts';
import type { Command } from './probes.ts';
import { type Process, programOfImage } from './process.ts';
import type { Ending } from './shell/ending.ts';
import { unreadAt } from './unread-at.ts';
import { baseName } from './words.ts';

/** Something that has to succeed, or to hold, for etcd to start or to go on. */
export interface Requirement {
  /** As its settings call it: `ExecStartPre`, `ConditionPathExists`. */
  readonly name: string;
  /** What it is about: a program, a path. */
  readonly of: string;
  readonly location: Location;
  readonly ending: Ending;
  /** What comes of its failure. */
  readonly why: ProblemReason;
}

/** Members with what they require. */
export function withRequirements(
  processes: readonly Process[],
  requirements: readonly Requirement[],
): readonly Process[] {
  return processes.map((process) =>
    isMember(process) ? requirements.reduce(withRequirement, process) : process,
  );
}

/** What certainly fails is a problem, and what depends on the machine is assumed to succeed. */
export function withRequirement<Of extends Pick<Process, 'problems' | 'untried'>>(
  process: Of,
  { name, of, location, ending, why }: Requirement,
): Of {
  const { problems, untried = [] } = process;
  const named = of === '' ? name : `${name} (${of})`;
  if (ending === 'fails') {
    const problem = {
      kind: 'refused-at-start' as const,
      why,
      name,
      location,
      values: { object: of },
    };
    return { ...process, problems: [...problems, problem] };
  }
  return ending === 'asks' ? { ...process, untried: [...new Set([...untried, named])] } : process;
}

/** A command that has to succeed. Its words may hold anything, a password too. */
export function requirementOf(
  { name, words, location }: Command,
  ending: Ending,
  why: ProblemReason,
): Requirement {
  const program = baseName(words[0]?.text ?? '');
  const of = /^[\w.+-]+$/.test(program) ? program : 'a program';
  return { name, of, location, ending, why };
}

/** How what a container runs ends; what its image starts by itself was not given. */
export function endingOfContainer(process: Process | undefined): Ending {
  if (process?.ending === undefined) return 'asks';
  const { program, words, image, ending } = process;
  const isOfImage = words.length === 0 && program === programOfImage(image?.text);
  return isOfImage ? 'asks' : ending();
}

/** Probes that always fail: some end etcd, the others keep away what waits for it. */
export function withProbeFailures(
  processes: readonly Process[],
  probes: readonly Requirement[],
): readonly Process[] {
  const failing = probes.filter(({ ending }) => ending === 'fails');
  if (failing.length === 0) return processes;
  const ends = ({ name }: Requirement) => /^(?:liveness|startup)Probe$/.test(name);
  const doubts = failing
    .filter((probe) => !ends(probe) && probe.name !== 'preStop')
    .map(({ name, location: { file, line } }) =>
      unreadAt(
        file,
        line,
        `the ${name} always ends with an error: what waits for it is not judged`,
      ),
    );
  return withRequirements(processes, failing.filter(ends)).map((process) =>
    isMember(process) ? { ...process, doubts: [...process.doubts, ...doubts] } : process,
  );
}
