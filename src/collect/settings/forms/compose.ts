import { processesInCompose } from '../compose.ts';
import type { UnreadText } from '../../../model/draft.ts';
import { isMember } from '../member-draft.ts';
import type { Process } from '../process.ts';
import { type FormReading, readEach, type SettingsForm } from '../settings-form.ts';
import { malformedYaml, readYaml } from '../yaml.ts';

/** Compose files, their `.env` and their `env_file`s. */
export const form: SettingsForm = {
  name: 'compose',
  layer: 'starter',
  recognises: ({ text }) => /^["']?services["']?[ \t]*:/m.test(text),
  read: readEach(async (file, context): Promise<FormReading> => {
    const yaml = await readYaml(file);
    if (!yaml.ok) return { notUnderstood: [malformedYaml(file.path, yaml)] };
    const processes = yaml.documents.flatMap((each) => processesInCompose(each, context));
    return {
      processes: processes.filter((process) => !isOverride(process)),
      notUnderstood: processes.filter(isOverride).map(unmerged),
    };
  }),
};

/** A service without an image or build changes one of another file, and starts nothing alone. */
function isOverride(process: Process): boolean {
  return process.contained === true && process.image === undefined && isMember(process);
}

function unmerged({ label = '', origin: { file, line } }: Process): UnreadText {
  const reason = `service ${label} has no image and extends a service of another file: give the output of \`docker compose config\` instead of both`;
  return { path: file, reason, ...(line !== undefined && { line }) };
}
