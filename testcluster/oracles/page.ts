import type { Compared } from './judge.ts';
import type { Missing } from './programs.ts';

/** One program that one etcd with one fault was asked through, compared. */
export interface OracleResult {
  readonly client: string;
  readonly release: string;
  readonly source: string;
  readonly etcd: string;
  readonly fault: string;
  readonly compared: Compared;
}

type Verdict = Compared['verdict'];

function count(rows: readonly OracleResult[], verdict: Verdict): number {
  return rows.filter(({ compared }) => compared.verdict === verdict).length;
}

/** Some were asked in several ways, `etcdctl endpoint health --cluster` among them. */
function programsOf(rows: readonly OracleResult[]): readonly string[] {
  return [...new Set(rows.map(({ client }) => client.split(' ', 1).join('')))];
}

/** The line that scripts read. */
export function oracleSummary(rows: readonly OracleResult[]): string {
  const clients = programsOf(rows).length;
  const faults = new Set(rows.map(({ fault }) => fault)).size;
  const compared = rows.length - count(rows, 'not-compared');
  const equal = count(rows, 'equal') + count(rows, 'in-outcome');
  return (
    `${equal} of ${compared} connections of ${clients} clients as predicted, ${count(rows, 'equal')} of them in every ` +
    `text, ${compared} of ${rows.length} compared, in ${faults} faults`
  );
}

/** What the README says of real clients. */
export function clientsSentence(rows: readonly OracleResult[]): string {
  return (
    `- **The clients**: ${oracleSummary(rows)}, with real programs: ${programsOf(rows).join(', ')} ` +
    '([same page](docs/fidelity.md#what-real-clients-do)).'
  );
}

/** The part of docs/fidelity.md about real clients. */
export function oraclesPage(rows: readonly OracleResult[], missing: readonly Missing[]): string {
  const programs = new Set(rows.map(({ client, release }) => `${client}\t${release}`));
  return [
    '# What real clients do',
    '',
    `**${oracleSummary(rows)}**`,
    '',
    'Written by `npm run oracles`, which lets real programs connect to real etcd with each fault and compares',
    'whether they connect, which side refuses, and what program and etcd print, with what is predicted from the',
    "program's own settings. The rows are in [oracles.tsv](oracles.tsv).",
    '',
    '| client | release | from | etcd | faults | connections | equal | equal but for texts | different | not compared |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...[...programs].map((program) => {
      const own = rows.filter(({ client, release }) => `${client}\t${release}` === program);
      return line(own);
    }),
    '',
    '"Equal but for texts": outcome and side are equal, and a text could not be compared because the program has',
    'words of its own, prints none, or none is predicted.',
    '',
    ...(missing.length === 0
      ? []
      : [
          '**Not had:**',
          '',
          ...missing.map(({ client, because }) => `- ${client}: ${because}`),
          '',
        ]),
    ...differences(rows),
  ].join('\n');
}

function line(own: readonly OracleResult[]): string {
  const [first] = own;
  const distinct = (of: (row: OracleResult) => string) => [...new Set(own.map(of))];
  const verdicts = (['equal', 'in-outcome', 'differs', 'not-compared'] as const).map((verdict) =>
    count(own, verdict),
  );
  const columns = [
    first?.client,
    first?.release,
    first?.source,
    distinct(({ etcd }) => etcd).join(', '),
    distinct(({ fault }) => fault).length,
    own.length,
    ...verdicts,
  ];
  return `| ${columns.join(' | ')} |`;
}

/** Why a difference stays; undefined for one without an explanation. */
export function explanationOf({ client, fault }: OracleResult): string | undefined {
  return explanations.find((each) => each.client.test(client) && each.faults.includes(fault))
    ?.because;
}

const explanations: readonly {
  readonly client: RegExp;
  readonly faults: readonly string[];
  readonly because: string;
}[] = [
  {
    client: /--insecure-transport=false/,
    faults: ['wrong-authority', 'server-without-server-auth'],
    because:
      'a CA that is not among the files may be one that the operating system trusts, so the refusal that follows is predicted',
  },
  {
    client: /^etcd3gw/,
    faults: ['client-without-key'],
    because:
      'etcd3gw connects without the certificate that has no key, which is predicted of no client',
  },
  {
    client: /^jetcd/,
    faults: ['client-key-mismatch'],
    because: 'Java does not compare a key with its certificate: etcd finds the signature wrong',
  },
  {
    client: /--cluster/,
    faults: ['plaintext-client-urls'],
    because:
      'with --cluster etcdctl connects to the URLs that members advertise, here one in clear; the audit does not read this flag',
  },
  {
    client: /^jetcd/,
    faults: ['expired-authority'],
    because: 'Java does not check the dates of a trusted CA',
  },
  {
    client: /^jetcd/,
    faults: ['sha1-signature'],
    because: 'Java accepts SHA-1 here; there are no rules of Java, and Go refuses',
  },
];

function differences(rows: readonly OracleResult[]): readonly string[] {
  const counts = new Map<string, Set<string>>();
  for (const row of rows.filter(({ compared }) => compared.verdict === 'differs')) {
    const { client, fault, compared } = row;
    const because = explanationOf(row) ?? 'not explained yet';
    const what = `${client}, ${compared.about.join(' and ')} (${because})`;
    counts.set(what, (counts.get(what) ?? new Set()).add(fault));
  }
  if (counts.size === 0) return ['There are no differences.', ''];
  const lines = [...counts].map(
    ([what, faults]) => `- ${what}: ${[...faults].map((fault) => `\`${fault}\``).join(', ')}`,
  );
  return ['**Differences:**', '', ...lines, ''];
}

/** Every connection; with both texts where they are not equal in everything. */
export function oracleRows(rows: readonly OracleResult[]): string {
  const header = 'client\trelease\tetcd\tfault\tendpoint\tverdict\twhy\tforecast\treal';
  const lines = rows.map(({ client, release, etcd, fault, compared }) => {
    const { to, verdict, about, reasons, forecast, real } = compared;
    const why = [...about, ...reasons].join(', ');
    const texts = verdict === 'equal' ? ['', ''] : [forecast, real];
    return [client, release, etcd, fault, to, verdict, why, ...texts];
  });
  return [header, ...lines.map((columns) => columns.map(cell).join('\t')), ''].join('\n');
}

/** Times, places and process ids differ from run to run and say nothing. */
function cell(text: string): string {
  const flat = text.replaceAll(/[\t\n]/g, ' ').replaceAll(/\/tmp\/\S*?\/(?=certs\/)/g, '…/');
  return flat.length > 300 ? `${flat.slice(0, 299)}…` : flat;
}
