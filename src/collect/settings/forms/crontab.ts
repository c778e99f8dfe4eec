import type { TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable } from '../../../model/settings.ts';
import { connectsToNothing } from '../local-commands.ts';
import { emptyProcess, type Process, processesOf, runsAs } from '../process.ts';
import { isOfInterest } from '../programs.ts';
import type { SettingsContext } from '../settings-context.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { assignment } from '../words.ts';

/** Tables of cron: those of the system name a user before each command, those of a user do not (crontab(5)). */
export const form: SettingsForm = {
  name: 'crontab',
  layer: 'starter',
  recognises: ({ path, text }) =>
    entry.test(text) &&
    (ofSystem.test(path) || text.split(/\r?\n/).every((line) => isOfTable.test(line))),
  read: readEach((file, context) => {
    const all = processesIn(file, context);
    const processes = all.filter(
      (each) => isOfInterest(each) || connectsToNothing(each) || each.doubts.length > 0,
    );
    return { processes, writers: all };
  }),
};

const ofSystem = /(?<![^/])(?:cron\.d\/[^/]+|etc\/crontab)$/;

const time = String.raw`[ \t]*(?:@[a-z]+|(?:[\d*/,-]+[ \t]+){3}[\w*/,-]+[ \t]+[\w*/,-]+)[ \t]+`;
const entry = new RegExp(`^${time}\\S`, 'm');
const isOfTable = new RegExp(`^[ \\t]*(?:#.*|\\w+[ \\t]*=.*)?$|^${time}\\S`);
const parts = {
  ofSystem: new RegExp(`^${time}(?<user>\\S+)[ \\t]+(?<command>.*)$`),
  ofUser: new RegExp(`^${time}(?<command>.*)$`),
};

function processesIn({ path, text }: TextFile, context: SettingsContext): readonly Process[] {
  const variables: EnvironmentVariable[] = [];
  return text.split(/\r?\n/).flatMap((line, index) => {
    const origin = { file: path, line: index + 1 };
    const set = assignment(
      line.trim().replace(/^(\w+)[ \t]*=[ \t]*(["']?)(.*)\2$/, '$1=$3'),
      origin,
    );
    if (set !== undefined) variables.push(set);
    const { user, command } =
      (ofSystem.test(path) ? parts.ofSystem : parts.ofUser).exec(line)?.groups ?? {};
    if (set !== undefined || command === undefined) return [];
    // After the first `%` is what the command reads.
    const script = command.replace(/(?<!\\)%.*$/, '').replaceAll(String.raw`\%`, '%');
    const words = ['/bin/sh', '-c', script].map((word) => ({ text: word, location: origin }));
    const base = {
      ...emptyProcess('crontab', origin),
      isTask: true as const,
      ...runsAs(user === undefined ? undefined : { text: user, location: origin }),
    };
    return processesOf(base, {
      words,
      variables: [...variables],
      complete: 'as-written',
      find: (wanted, as) => context.find(wanted, path, as),
    });
  });
}
