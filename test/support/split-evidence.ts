import { dirname } from 'node:path';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { MemberDraft } from '../../src/model/draft.ts';
import type { Evidence } from '../../src/model/evidence.ts';

/**
 * The evidence of one directory as it would have come from each member's host: the files and settings of
 * that member, with what nobody uses in the same directories. The rest comes from no named host.
 */
export function splitByMember(evidence: Evidence): readonly Evidence[] {
  const { files = [], directories: listed = [], settings, inventory, ...rest } = evidence.facts;
  const { members = [], clients = [] } = deploymentOf(evidence).facts;
  const drafts = settings?.members ?? [];
  const used = new Set<string>();
  const taken = new Set<MemberDraft>();
  const named = new Set(
    [...members, ...clients].flatMap((each) => each.files.flatMap(({ file }) => file ?? [])),
  );
  const idle = files.filter(({ path }) => !named.has(path));
  const hosts = members.map((member) => {
    const own = new Set(member.files.flatMap(({ file }) => file ?? []));
    const { location } = member.target;
    const described = drafts.filter(
      (draft) =>
        !taken.has(draft) &&
        draft.origin.file === location?.file &&
        draft.origin.line === location.line,
    );
    const directories = new Set([...own].map(dirname));
    for (const { path } of idle) if (directories.has(dirname(path))) own.add(path);
    for (const path of own) used.add(path);
    for (const draft of described) taken.add(draft);
    return {
      collectedAt: evidence.collectedAt,
      host: member.name,
      facts: {
        files: files.filter(({ path }) => own.has(path)),
        texts: described.flatMap((draft) => draft.files),
        directories: listed.filter((each) => directories.has(each)),
        settings: { members: described, clients: [] },
      },
      gaps: {},
    };
  });
  const left = {
    ...evidence,
    facts: {
      ...rest,
      ...(inventory !== undefined && { inventory }),
      directories: listed,
      files: files.filter(({ path }) => !used.has(path)),
      settings: {
        members: drafts.filter((draft) => !taken.has(draft)),
        clients: settings?.clients ?? [],
      },
    },
  };
  return [...hosts, left];
}
