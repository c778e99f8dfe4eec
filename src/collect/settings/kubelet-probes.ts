import type { BareProbe } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { at, itemsOf, locatedTexts, textOf } from './document.ts';
import { type ExpansionBudget, expandReferences, expansionBudget } from './expansion-budget.ts';
import type { ShellVariable } from './shell/run.ts';
import type { Command } from './probes.ts';

const probeNames = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
const hookNames = ['postStart', 'preStop'] as const;

/**
 * What kubelet runs in a container. It expands references in probes, by variables with a plain value alone, and
 * none in hooks (pkg/kubelet/prober/prober.go, pkg/kubelet/lifecycle/handlers.go).
 */
export function commandsOf(
  container: DocumentNode,
  variables: readonly ShellVariable[],
): readonly Command[] {
  const plain = new Map(
    variables.filter(({ doubt }) => doubt === undefined).map(({ name, value }) => [name, value]),
  );
  const budget = expansionBudget();
  const probes = probeNames.flatMap((name) =>
    commandAt(name, at(container, name)).map((command) => ({
      ...command,
      words: command.words.map((word) => ({ ...word, text: expand(word.text, plain, budget) })),
    })),
  );
  return [
    ...probes,
    ...hookNames.flatMap((name) => commandAt(name, at(container, 'lifecycle', name))),
  ];
}

function commandAt(name: string, handler: DocumentNode | undefined): readonly Command[] {
  const command = at(handler, 'exec', 'command');
  const words = locatedTexts(command);
  return command === undefined || words.length === 0
    ? []
    : [{ name, words, location: command.location }];
}

/** Requests that kubelet sends itself; a port may be named in `ports`. */
export function bareProbesOf(container: DocumentNode): readonly BareProbe[] {
  const handlers = [
    ...probeNames.map((name) => ({ name, handler: at(container, name) })),
    ...hookNames.map((name) => ({ name, handler: at(container, 'lifecycle', name) })),
  ];
  return handlers.flatMap(({ name, handler }) => [
    ...bareProbe(container, name, at(handler, 'httpGet'), 'http'),
    ...bareProbe(container, name, at(handler, 'grpc'), 'grpc'),
    ...bareProbe(container, name, at(handler, 'tcpSocket'), 'tcp'),
  ]);
}

function bareProbe(
  container: DocumentNode,
  name: string,
  request: DocumentNode | undefined,
  protocol: 'http' | 'grpc' | 'tcp',
): readonly BareProbe[] {
  const written = textOf(at(request, 'port'));
  if (request === undefined || written === undefined) return [];
  const port = portNumber(container, written) ?? written;
  const isTls = textOf(at(request, 'scheme'))?.toUpperCase() === 'HTTPS';
  const host = textOf(at(request, 'host'));
  return [
    {
      name,
      by: 'kubelet',
      scheme: protocol === 'http' && isTls ? 'https' : protocol,
      ...(host !== undefined && { host }),
      port,
      location: at(request, 'port')?.location ?? request.location,
    },
  ];
}

function portNumber(container: DocumentNode, written: string): string | undefined {
  if (/^\d+$/.test(written)) return written;
  const named = itemsOf(at(container, 'ports')).find(
    (port) => textOf(at(port, 'name')) === written,
  );
  return textOf(at(named, 'containerPort'));
}

/**
 * Who else of a pod listens at a port: what a container declares of its ports, or its command names, it states;
 * what it does not say is not known of it. A declared port is one of the container's own. On the node's network
 * other pods and units listen too.
 */
export function neighboursIn(
  container: DocumentNode,
  pod: DocumentNode,
): (port: string) => BareProbe['neighbours'] {
  const sidecars = itemsOf(at(pod, 'initContainers')).filter(
    (each) => textOf(at(each, 'restartPolicy')) === 'Always',
  );
  const others = [...itemsOf(at(pod, 'containers')), ...sidecars].filter(
    (each) => each !== container,
  );
  const isOnHost = textOf(at(pod, 'hostNetwork')) === 'true';
  return (port) => {
    if (others.some((other) => declares(other, port) || mentions(other, port))) return 'stated';
    const isAlone = others.length === 0 && !isOnHost;
    return declares(container, port) || isAlone ? 'none' : undefined;
  };
}

function declares(container: DocumentNode, port: string): boolean {
  return itemsOf(at(container, 'ports')).some((each) => textOf(at(each, 'containerPort')) === port);
}

function mentions(container: DocumentNode, port: string): boolean {
  const texts = [
    ...['command', 'args'].flatMap((key) => locatedTexts(at(container, key))),
    ...itemsOf(at(container, 'env')).flatMap((each) => locatedTexts(at(each, 'value'))),
  ];
  return texts.some(({ text }) => text.split(/\D+/).includes(port));
}

/** `$(NAME)` of variables defined before; `$$` is a dollar sign. */
export function expand(
  text: string,
  known: ReadonlyMap<string, string>,
  budget: ExpansionBudget,
): string {
  const valueOf = (written: string, name?: string) =>
    name === undefined ? '$' : (known.get(name) ?? written);
  return expandReferences(text, /\$\$|\$\(([\w.-]+)\)/g, valueOf, budget);
}
