import type { Process } from '../process.ts';
import type { Section, Sections } from './patroni-section.ts';

/** What decides about connections to etcd (patroni/config.py _build_environment_configuration). */
const deciding =
  /^PATRONI_(ETCD3?|CONSUL)_(HOSTS?|PORT|PROTOCOL|URL|PROXY|USE_PROXIES|SRV|SRV_SUFFIX|CACERT|CERT|KEY)$/;

/** The last of each of Patroni's variables about its store, an empty one included. */
export function decidingVariables({ variables }: Pick<Process, 'variables'>) {
  return variables.filter(
    ({ name }, index, all) =>
      deciding.test(name) && all.findLastIndex((other) => other.name === name) === index,
  );
}

/** The sections that variables set. */
export function sectionsOfVariables(process: Pick<Process, 'variables'>): Sections {
  const sections = new Map<string, Section>();
  for (const variable of decidingVariables(process)) {
    const { name, value, location } = variable;
    const [, store = '', key = ''] = deciding.exec(name) ?? [];
    const origin = { via: 'environment', name, ...(location && { location }) } as const;
    const read = key === 'HOSTS' ? listIn(value.trim()) : value;
    // What Patroni cannot read is as if it were not set.
    if (read === undefined) continue;
    const own = sections.get(store.toLowerCase()) ?? new Map();
    sections.set(
      store.toLowerCase(),
      new Map([...own, [key.toLowerCase(), { value: read, origin }]]),
    );
  }
  return sections;
}

/** A list of YAML: in brackets, by lines with a dash, or what stands between brackets (patroni/config.py _parse_list). */
function listIn(text: string): string | readonly string[] | undefined {
  if (text === '') return text;
  if (text.startsWith('-')) return text.split(/(?:^|\n)\s*-\s+/).flatMap((line) => itemsIn(line));
  if (!text.includes('[')) return itemsIn(text);
  const [, between] = /^\[(.*)\]$/s.exec(text) ?? [];
  if (between !== undefined) return itemsIn(between);
  // A text in quotes alone is one, and Patroni splits it at commas.
  const [, double, single] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text) ?? [];
  return double ?? single;
}

function itemsIn(text: string): readonly string[] {
  const items = text.match(/"[^"]*"|'[^']*'|[^,\s][^,]*/g) ?? [];
  return items.map((item) => item.trim().replace(/^(["'])(.*)\1$/s, '$2'));
}

/** Each variable replaces the same key of the file, an empty one too (patroni/config.py patch_config). */
export function merged(file: Sections, variables: Sections): Sections {
  const names = new Set([...file.keys(), ...variables.keys()]);
  return new Map(
    [...names].map((name) => [
      name,
      new Map([...(file.get(name) ?? []), ...(variables.get(name) ?? [])]),
    ]),
  );
}
