import { holdsNoCertificates } from '../../etcd/images.ts';
import type { Mount, TextFile } from '../../model/draft.ts';
import { leadsThrough } from '../../model/mounts.ts';
import { preparedBy } from './prepared-files.ts';
import type { SettingsContext } from './settings-context.ts';
import { startedBy } from './started.ts';
import { baseName, logicalLines, splitWords } from './words.ts';

/** A directory with a Dockerfile, as they are given; undefined for a build of what was not given. */
export interface Build {
  readonly directory: string;
  readonly dockerfile: TextFile;
}

/** An instruction of a Dockerfile, without what continues its line. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
  readonly line: number;
}

export function instructionsIn({ text }: TextFile): readonly Instruction[] {
  return logicalLines(text, /^\s*#/).flatMap(({ text: each, starts }) => {
    const [, name, rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/s.exec(each) ?? [];
    if (name === undefined) return [];
    return [{ name: name.toUpperCase(), rest: rest.trim(), line: starts[0]?.line ?? 1 }];
  });
}

/** What an image holds that compose builds: given files where a Dockerfile copies them, else what was not seen. */
export function filesOfImage(build: Build | undefined, context: SettingsContext): readonly Mount[] {
  if (build === undefined) return [unseen('', 'the image that is built')];
  const { image, source } = buildOf(build, context);
  return [...image, unseen('', source)];
}

/**
 * What the image of a Dockerfile alone holds. The rest may be mounted when the image is run, unless its base image may
 * hold certificates.
 */
export function filesOfDockerfile(build: Build, context: SettingsContext): readonly Mount[] {
  const { image, source, base } = buildOf(build, context);
  return holdsNoCertificates(base) ? image : [...image, unseen('', source)];
}

function unseen(inside: string, source: string): Mount {
  return { inside, from: 'other', source };
}

function buildOf(build: Build, context: SettingsContext) {
  const source = `the image of ${build.dockerfile.path}`;
  const instructions = instructionsIn(build.dockerfile);
  const given = givenIn(build, context);
  const { files, base } = instructions
    .slice(0, mostInstructions)
    .reduce((stage, instruction) => after(instruction, stage, given), firstStage);
  if (instructions.length > mostInstructions || files.size > mostFiles) {
    return { source, base, image: [unseen('', source)] };
  }
  const image = [...files].map(([inside, path]): Mount =>
    path === undefined ? unseen(inside, source) : { inside, from: 'host', source: path },
  );
  return { source, base, image };
}

/** Real Dockerfiles have tens. */
const mostInstructions = 500;

/** An image with etcd's files has few. */
const mostFiles = 256;

/** The given files in the directory of a build, by their paths there. */
function givenIn(
  { directory }: Build,
  { files = [], paths = [] }: SettingsContext,
): ReadonlyMap<string, string> {
  const start = directory === '.' ? '' : `${directory}/`;
  const own = [...files, ...paths].filter((path) => path.startsWith(start));
  return new Map(own.map((path) => [path.slice(start.length), path]));
}

interface Stage {
  /** The image that it starts from. */
  readonly base: string;
  readonly place: string;
  /** The given file at each path; undefined where something else was put. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

const firstStage: Stage = { base: '', place: '/', files: new Map() };

function after(
  { name, rest }: Instruction,
  stage: Stage,
  given: ReadonlyMap<string, string>,
): Stage {
  switch (name) {
    case 'FROM':
      return { ...firstStage, base: /^(?:--\S+\s+)*(\S*)/.exec(rest)?.[1] ?? '' };
    case 'WORKDIR':
      return { ...stage, place: resolved(rest, stage.place) };
    case 'RUN':
      return withOthers(stage, pathsWrittenBy(rest, stage.place || '/'));
    case 'COPY':
    case 'ADD':
      return withCopy(stage, copyOf(rest, stage.place), given);
    default:
      return stage;
  }
}

/** What stood at a path before, and below it, may have been replaced. */
function withOthers(stage: Stage, written: readonly string[]): Stage {
  if (written.length === 0) return stage;
  const all = new Map(stage.files);
  for (const path of [...all.keys(), ...written.filter((each) => /^(?:\/|$)/.test(each))]) {
    if (written.some((above) => leadsThrough(path, above))) all.set(path, undefined);
  }
  return { ...stage, files: all };
}

function withCopy(stage: Stage, copy: Copy, given: ReadonlyMap<string, string>): Stage {
  const landed = copy.sources.map((source) => landing(source, copy, [...given.keys()]));
  const isSeen = landed.length > 0 && landed.every((files) => files.length > 0);
  const before = isSeen ? stage : withOthers(stage, [copy.target]);
  const added = landed.flat().map(([path, name]) => [path, given.get(name)] as const);
  return { ...before, files: new Map([...before.files, ...added]) };
}

function pathsWrittenBy(command: string, directory: string): readonly string[] {
  const words = ['/bin/sh', '-c', command.replace(/^(?:--\S+\s+)*/, '')].map((text) => ({ text }));
  return preparedBy([startedBy({ words, variables: [], complete: false, directory })]).map(
    ({ path }) => path,
  );
}

interface Copy {
  /** Paths in the directory of the build; none where they are in another image or on another host. */
  readonly sources: readonly string[];
  readonly target: string;
  /** Whether the target is a directory by the way it is written. */
  readonly isDirectory: boolean;
}

/** `COPY [--OPTION…] SOURCE… TARGET`, or the same as a list in JSON. */
function copyOf(rest: string, place: string): Copy {
  const [options = ''] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
  const words = wordsIn(rest.slice(options.length));
  const target = words.at(-1) ?? '';
  const sources = words.slice(0, -1);
  const isElsewhere = options.includes('--from=') || words.some((word) => /[$]|:|<</.test(word));
  return {
    sources: isElsewhere ? [] : sources.map((path) => path.replace(/^(?:\.?\/)+/, '')),
    target: target.includes('$') ? '' : resolved(target, place),
    isDirectory: sources.length > 1 || /(?<![^/])\.?$/.test(target),
  };
}

function wordsIn(written: string): readonly string[] {
  return written.startsWith('[')
    ? (written.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map((word) => word.slice(1, -1))
    : splitWords(written, 'shell').map(({ text }) => text);
}

type Landed = readonly [path: string, name: string];

/** Where the files of one source come to be: those of a directory below the target, another in it or as it. */
function landing(
  source: string,
  { target, isDirectory }: Copy,
  names: readonly string[],
): readonly Landed[] {
  const path = source.replace(/(?:^|(?<!\/)\/+)\.?$/, '');
  if (path === '') return names.map((name) => [`${target}/${name}`, name]);
  const pattern = patternOf(path);
  return names.flatMap((name): readonly Landed[] => {
    const [all, below] = pattern.exec(name) ?? [];
    if (all === undefined) return [];
    if (below !== undefined) return [[target + below, name]];
    const isWithin = isDirectory || /[*?]/.test(path);
    return [[isWithin ? `${target}/${baseName(name)}` : target, name]];
  });
}

/** A source with Go's wildcards (filepath.Match), and what is below it. */
function patternOf(source: string): RegExp {
  const escaped = source
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${escaped}(/.*)?$`);
}

function resolved(path: string, place: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${place}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? '' : `/${parts.join('/')}`;
}
