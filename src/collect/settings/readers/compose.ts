import { processesInCompose } from '../compose.ts';
import type { UnreadText } from '../../../model/draft.ts';
import { directoryOf } from '../../../deployment/roles/match-files.ts';
import { groupBy } from '../../../model/group-by.ts';
import { isMember } from '../is-member.ts';
import type { Process } from '../process.ts';
import { type FormReading, joined, readEach, type SettingsForm } from '../settings-form.ts';
import { malformedYaml, readYaml } from '../yaml.ts';

export const reader: SettingsForm['read'] = async (files, context): Promise<FormReading> => {
  const { processes, notUnderstood } = joined([await readFiles(files, context)]);
  const members = groupBy(processes.filter(isMember), placeOf);
  const isOpen = (process: Process) =>
    isOverride(process) ||
    (members.get(placeOf(process)) ?? []).some((member) => isMergedWith(process, member));
  return {
    processes: processes.filter((process) => !isOpen(process)),
    notUnderstood: [...notUnderstood, ...processes.filter(isOpen).map(unmerged)],
  };
};

const readFiles = readEach(async (file, context): Promise<FormReading> => {
  const yaml = await readYaml(file);
  if (!yaml.ok) return { notUnderstood: [malformedYaml(file.path, yaml)] };
  return { processes: yaml.documents.flatMap((each) => processesInCompose(each, context)) };
});

/** The directory of a file and the name of a service, which files that are merged have in common. */
function placeOf({ label = '', origin: { file } }: Process): string {
  return `${directoryOf(file)}/${label}`;
}

/** Whether a service changes a member of another file: it has no image, or is in a file that compose reads after it. */
function isMergedWith({ origin, image, contained }: Process, member: Process): boolean {
  const isAdded = /(?<![^/])(?:docker-)?compose\.override\.ya?ml$/.test(origin.file);
  const isPart = contained === true && image === undefined;
  return origin.file !== member.origin.file && (isAdded || isPart);
}

/** A service without an image or build changes one of another file, and starts nothing alone. */
function isOverride(process: Process): boolean {
  return process.contained === true && process.image === undefined && isMember(process);
}

function unmerged({ label = '', origin: { file, line } }: Process): UnreadText {
  const reason = `service ${label} has no image and extends a service of another file: give the output of \`docker compose config\` instead of both`;
  return { path: file, reason, ...(line !== undefined && { line }) };
}
