import { statSync } from 'node:fs';
import type { Evidence, NotUnderstood } from '../../model/evidence.ts';
import { certificateDetails } from '../../deployment/certificate-detail.ts';
import { byEnd } from '../../deployment/seen-certificates.ts';
import { deploymentOf } from '../../deployment/deployment.ts';
import { mergeEvidence } from '../../deployment/merge-evidence.ts';
import { defined } from '../../model/defined.ts';
import { InputError } from '../../input-error.ts';
import { parseHttpUrl } from '../../model/host.ts';
import { type EndpointObservation, endpointName, type Seen } from '../../model/live.ts';
import { publicText } from '../../model/public-text.ts';
import { currentGo, goRelease } from '../../pki/go-release.ts';
import { certificateFormats } from '../../report/certificates/formats.ts';
import { renderCertificates } from '../../report/certificates/index.ts';
import { standingOf } from '../../report/certificates/standing.ts';
import { exitCodes } from '../exit-code.ts';
import { styleFor } from '../outputs.ts';
import { hostsAmong } from '../read-paths.ts';
import { OptionReader } from '../read-options.ts';

/** Lists certificates of files and endpoints; exits 1 when one has expired, or ends within `--expiry-warning`. */
export async function listCertificates(texts: readonly string[], values: object): Promise<number> {
  const options = new OptionReader(values);
  const format = readFormat(options);
  const warning = options.days('expiryWarning');
  const urls = texts.filter((text) => /^https?:\/\//.test(text));
  const paths = texts.filter((text) => !urls.includes(text));
  const go = options.release('goVersion');
  if (urls.length === 0 && options.isGiven('timeout')) {
    throw new InputError('OPTION_INVALID', '--timeout has no effect on files', {
      hint: 'give the URL of an endpoint, or omit it',
    });
  }

  const { evidence, silent } = await read(paths, urls, options);
  const { facts, collectedAt } = deploymentOf(evidence, defined({ at: options.instant('at') }));
  const details = certificateDetails(
    facts,
    new Date(collectedAt),
    go === undefined ? currentGo : goRelease(go),
  );
  const report = {
    at: collectedAt,
    expiryWarningDays: warning ?? 30,
    certificates: details.toSorted((one, other) => byEnd(one.summary, other.summary)),
    isDetailed: options.flag('detail') || urls.length > 0 || isOneFile(paths),
    notUnderstood: [...(facts.notUnderstood ?? []), ...silent],
  };
  process.stdout.write(renderCertificates(format, report, styleFor(undefined, options)));
  const ending = report.certificates.some(({ summary }) => {
    const standing = standingOf(summary, report);
    return standing === 'expired' || (warning !== undefined && standing === 'expiring');
  });
  return ending ? exitCodes.fail : exitCodes.pass;
}

function readFormat(options: OptionReader): (typeof certificateFormats)[number] {
  const format = options.choice('report', certificateFormats) ?? 'text';
  if (!options.flag('detail') || format === 'text' || format === 'json') return format;
  throw new InputError('OPTION_INVALID', `--detail has no effect with --report ${format}`, {
    hint: 'use --report text or json',
  });
}

function isOneFile([path, ...others]: readonly string[]): boolean {
  if (path === undefined || others.length > 0) return false;
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

async function read(
  texts: readonly string[],
  urls: readonly string[],
  options: OptionReader,
): Promise<{ readonly evidence: Evidence; readonly silent: readonly NotUnderstood[] }> {
  const { collect, collectAll } = await import('../../collect/collect.ts');
  const given = hostsAmong(texts);
  const isElsewhere = given.hosts.length > 0 || urls.length > 0;
  const paths = given.paths.length === 0 && !isElsewhere ? ['.'] : given.paths;
  const maps = options.pairs('map').map(([prefix, directory]) => ({ prefix, directory }));
  const inventoryFile = options.text('inventory');
  const isServedAlone = urls.length > 0 && texts.length === 0 && inventoryFile === undefined;
  const files = isServedAlone
    ? [await collect({ paths, maps })]
    : await collectAll({ paths, hosts: given.hosts, maps, ...defined({ inventoryFile }) });
  const seen = (await Promise.all(urls.map(async (url) => served(url, options)))).flat();
  const endpoints = seen.filter(({ flight }) => flight !== undefined);
  const evidence = mergeEvidence(files, defined({ inventoryFile }));
  return {
    evidence: {
      ...evidence,
      facts: { ...evidence.facts, ...(endpoints.length > 0 && { endpoints }) },
    },
    silent: [
      ...seen.filter(({ flight }) => flight === undefined).map(withoutCertificate),
      ...beyondLimit(seen),
    ],
  };
}

/** An address of a name that shows a certificate at another one. */
function withoutCertificate({ url, stages, ...place }: Seen<EndpointObservation>): NotUnderstood {
  const code = stages.find(({ outcome }) => outcome === 'failed')?.code ?? 'no TLS';
  const reason = code === 'ABORTED' ? 'no answer while another address answered' : code;
  return { path: String(endpointName(url, place)), reason: `served no certificate (${reason})` };
}

/** Names with more addresses than are connected to. */
function beyondLimit(seen: readonly Seen<EndpointObservation>[]): readonly NotUnderstood[] {
  const beyond = seen.flatMap(({ url, addresses, resolved }) =>
    resolved === undefined ? [] : [[url, { addresses, resolved }] as const],
  );
  return [...new Map(beyond)].map(([url, { addresses, resolved }]) => ({
    path: String(endpointName(url)),
    reason: `${resolved - addresses.length} of its ${resolved} addresses were not connected to`,
  }));
}

/** The certificates that an endpoint serves at each address of its name, seen without presenting one. */
async function served(
  text: string,
  options: OptionReader,
): Promise<readonly Seen<EndpointObservation>[]> {
  const shown = publicText(text);
  const url = parseHttpUrl(text);
  if (url === undefined) {
    throw new InputError('ENDPOINT_INVALID', `"${shown}" is not the URL of an endpoint`, {
      hint: 'write it like https://10.0.0.1:2379',
    });
  }
  const { createDeadline } = await import('../../collect/probes/deadline.ts');
  const { observeSurfaces } = await import('../../collect/probes/surface.ts');
  const deadline = createDeadline(options.duration('timeout') ?? 5000);
  const surfaces = await observeSurfaces({ url: shown, ...url, serves: 'client' }, deadline);
  deadline.release();
  const observations = surfaces.map(({ observation }) => observation);
  if (observations.some(({ flight }) => flight !== undefined)) return observations;
  throw new InputError('ENDPOINT_INVALID', `${shown} served no certificate`, {
    hint: `\`etcd-tls-audit verify --endpoints ${shown}\` says why`,
  });
}
