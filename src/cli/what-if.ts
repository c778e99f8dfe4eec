import { look } from '../audit.ts';
import type { AuditRequest } from '../collect/collect.ts';
import { deploymentOf } from '../deployment/deployment.ts';
import { orderThatKeepsQuorum, rollout } from '../forecast/rollout.ts';
import { rotation } from '../forecast/rotation.ts';
import { InputError } from '../input-error.ts';
import type { Deployment } from '../model/deployment.ts';
import { type WhatIf, whatIfText } from '../report/rollout.ts';
import { exitCodes } from './exit-code.ts';
import type { OptionReader } from './read-options.ts';

/** Says what happens while the set that was read is replaced by the one named with `--replace`. */
export async function replaceSet(
  old: Deployment,
  request: AuditRequest,
  options: OptionReader,
): Promise<number> {
  const fresh = deploymentOf(await look(offline(request, options.list('replace'))), request);
  const order = options
    .text('order')
    ?.split(',')
    .map((name) => name.trim());
  refuseWrongOrder(order, old);

  const asked = rollout(old, fresh, order);
  const better = asked.keepsQuorum ? undefined : orderThatKeepsQuorum(old, fresh, order);
  const isSmooth = asked.keepsQuorum && asked.steps.every(({ broken }) => broken.length === 0);
  const whatIf: WhatIf = {
    asked,
    ...(better !== undefined && { better }),
    // Bundles of both CAs do nothing for peer URLs.
    ...(!isSmooth && asked.moved.length === 0 && { phases: rotation(old, fresh, order) }),
  };
  process.stdout.write(whatIfText(whatIf, 80));
  return asked.keepsQuorum && asked.broken.length === 0 ? exitCodes.pass : exitCodes.fail;
}

function offline(
  { live: _live, hosts: _hosts, evidence: _saved, ...request }: AuditRequest,
  paths: readonly string[],
): AuditRequest {
  return { ...request, paths };
}

function refuseWrongOrder(order: readonly string[] | undefined, { facts }: Deployment): void {
  const names = (facts.members ?? []).map(({ name }) => name);
  const unknown = order?.find((name) => !names.includes(name));
  const twice = order?.find((name, index) => order.indexOf(name) < index);
  if (unknown === undefined && twice === undefined) return;
  const wrong = unknown === undefined ? `"${twice}" twice` : `"${unknown}", which is not a member`;
  throw new InputError('OPTION_INVALID', `--order names ${wrong}`, {
    hint: `the members are ${names.join(', ')}`,
  });
}
