import { describe, test } from 'vitest';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion, isAtLeast } from '../../src/etcd/version.ts';
import { directoryWith } from '../support/directory.ts';
import { etcdReleases } from '../support/etcd-releases.ts';
import { refusalOf, type Start, startEtcd } from '../support/real-start.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

const url = 'http://127.0.0.1:0';
const urlFlags = [
  'listen-client-urls',
  'advertise-client-urls',
  'listen-peer-urls',
  'initial-advertise-peer-urls',
];

/** Each of them is refused by some release, and by which of them the program has to know. */
const options: readonly (readonly string[])[] = [
  ['auto-compaction-mode='],
  ['auto-compaction-retention=x'],
  ['auto-compaction-retention=-5'],
  ['auto-compaction-retention=1x'],
  ['auto-compaction-retention=1.5'],
  ['experimental-compact-hash-check-time=0s'],
  ['compact-hash-check-time=0s'],
  ['compact-hash-check-time=-1s'],
  ['experimental-corrupt-check-time=1m', 'corrupt-check-time=1m'],
  ['experimental-memory-mlock=false', 'memory-mlock=false'],
  ['warning-unary-request-duration=1s', 'experimental-warning-unary-request-duration=1s'],
  ['experimental-initial-corrupt-check=true', 'feature-gates=InitialCorruptCheck=true'],
  ['experimental-initial-corrupt-check=true', 'feature-gates=CompactHashCheck=true'],
  ['feature-gates=Foo=true'],
  ['feature-gates=InitialCorruptCheck'],
  ['feature-gates=InitialCorruptCheck=yes'],
  ['feature-gates=AllAlpha=true'],
  ['feature-gates=FastLeaseKeepAlive=true'],
  ['feature-gates=LeaseCheckpointPersist=true'],
  ['experimental-enable-lease-checkpoint=true'],
  ['experimental-enable-lease-checkpoint=true', 'logger=zap'],
  [
    'experimental-enable-lease-checkpoint=true',
    'experimental-enable-lease-checkpoint-persist=true',
  ],
  ['experimental-enable-lease-checkpoint-persist=true'],
  ['experimental-enable-lease-checkpoint-persist=true', 'feature-gates=LeaseCheckpoint=true'],
  ...['-1', '2000000'].map((rate) => [
    'experimental-enable-distributed-tracing=true',
    `experimental-distributed-tracing-sampling-rate=${rate}`,
  ]),
  ['enable-distributed-tracing=true', 'distributed-tracing-sampling-rate=2000000'],
  ['logger=capnslog'],
  ['logger=foo'],
  ['log-outputs=default,stdout'],
  ['log-outputs=stderr,systemd/journal'],
  ['log-output=foo'],
  ['logger='],
  ['logger=zap', 'log-outputs='],
  ['logger=zap', 'log-outputs=stderr,'],
  ['logger=zap', 'log-outputs=http://a'],
  ['logger=zap', 'log-outputs=c:/x'],
  ['logger=zap', 'log-outputs=file://host/x'],
  ['logger=zap', 'log-outputs=file:x'],
  ['logger=zap', 'log-outputs=stderr,a.log'],
  ['log-format=xml'],
  ['log-level=INFO'],
  ['log-level=loud'],
  ['log-level='],
  ['enable-log-rotation=true'],
  ['enable-log-rotation=true', 'log-outputs=a.log,b.log'],
  ['enable-log-rotation=true', 'log-outputs=a.log', 'log-rotation-config-json=x'],
  ['discovery-user=x', 'discovery-proxy=http://b:1'],
  ['discovery-fallback=proxy'],
  ['discovery-fallback=foo'],
  ['proxy=foo'],
  ['v2-deprecation=foo'],
  ['v2-deprecation=not-yet'],
  ['initial-cluster-state=foo'],
  ['cors=foo'],
  ['cors=*'],
  ['cors='],
  ['cors=*,http://127.0.0.1:1'],
  ['cors=http://127.0.0.1:1,http://127.0.0.1:2'],
  ['auth-token=foo'],
  ['auth-token=jwt'],
  ['auth-token=simple,foo=bar'],
  ['auth-token=jwt,sign-method=RS256'],
  ['auth-token=jwt,sign-method='],
  ['auth-token=jwt,sign-method=RS255'],
  ['auth-token=jwt,sign-method=none'],
  ['auth-token=jwt,sign-method=EdDSA'],
  ['auth-token=jwt,sign-method=HS256'],
  ['auth-token=jwt,sign-method=HS256,priv-key=/etc/passwd,ttl=5x'],
  ['auth-token=jwt,sign-method=HS256,priv-key=/etc/passwd,ttl=5m'],
  ['name='],
  ['initial-cluster='],
  ['initial-cluster=foo'],
  [`initial-cluster=n1=${url}`],
  [`initial-cluster=n1=${url}`, 'name=n1'],
  ['listen-metrics-urls='],
  ['listen-client-http-urls='],
  ['discovery-endpoints='],
  ['discovery-endpoints=', 'initial-cluster='],
  ['heartbeat-interval=1_000'],
  ['heartbeat-interval=0310'],
  ['heartbeat-interval=0311'],
  ['heartbeat-interval=0x_c8'],
  ['snapshot-count=1__0'],
  ['snapshot-count=99999999999999999999'],
  ['quota-backend-bytes=9223372036854775808'],
  ['max-concurrent-streams=4294967296'],
  ['max-concurrent-streams=x'],
  ['auto-compaction-retention=99999999999999999999'],
  ['auto-compaction-retention=2562048h'],
  ['grpc-keepalive-min-time=2562047h'],
  ['grpc-keepalive-min-time=2562048h'],
  ['initial-cluster=default=foo'],
  [`initial-cluster=default=${url},`],
  ['listen-client-urls=unix://sock:0'],
  ['listen-client-urls=unix:sock'],
  ['listen-client-urls=http://user:word@127.0.0.1:0'],
  ['listen-client-urls=http://user@name:0'],
  ['advertise-client-urls=unix://sock:0'],
  ['advertise-client-urls=unix:sock'],
  ['advertise-client-urls=unix://a/b'],
  ['initial-advertise-peer-urls=unix:///a/b', 'initial-cluster=default=unix:///a/b'],
];

type Options = readonly (readonly [name: string, value: string])[];

/** The three ways in which etcd takes its options. */
const forms: Readonly<Record<string, (options: Options) => Start>> = {
  flags: (all) => ({ words: all.map(([name, value]) => `--${name}=${value}`) }),
  variables: (all) => ({
    variables: Object.fromEntries(
      all.map(([name, value]) => [`ETCD_${name.toUpperCase().replaceAll('-', '_')}`, value]),
    ),
  }),
  'a configuration file': (all) => ({
    config: all.map(([name, value]) => `${name}: ${inYaml(value)}\n`).join(''),
  }),
};

/** Booleans and numbers as they are, everything else as text. */
function inYaml(value: string): string {
  return /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value) ? value : JSON.stringify(value);
}

/** The options with those that any start needs. */
function complete(own: readonly string[]): Options {
  const given = own.map((option): readonly [string, string] => {
    const [name = ''] = option.split('=', 1);
    return [name, option.slice(name.length + 1)];
  });
  const usual = [
    ...urlFlags.map((flag): readonly [string, string] => [flag, url]),
    ['initial-cluster', `default=${url}`] as const,
  ];
  return [...usual.filter(([name]) => given.every(([other]) => other !== name)), ...given];
}

// An empty variable counts as unset; that the default cluster then lacks the URL is not predicted.
const isUnset = (form: string, own: readonly string[]) =>
  form === 'variables' && own.includes('initial-cluster=');

describe.each(etcdReleases)('etcd $name', ({ etcd, version, goVersion }) => {
  describe.each(Object.entries(forms))('by %s', (form, inForm) => {
    const tried = options.filter((own) => !isUnset(form, own));
    // Each start leaves the processor idle for most of its time.
    test.concurrent.for(tried.map((own) => ({ own, title: own.join(' ') })))(
      '$title',
      async ({ own }, { expect }) => {
        const start = inForm(complete(own));
        await using directory = await directoryWith({ 'etcd.yml': start.config ?? '' });

        const predicted = await refusalOf(start, etcdVersion(version, goVersion));
        const { status, output } = await startEtcd(etcd, start, directory.path);

        expect(status).toBe(predicted === undefined ? 'serves' : 'ended');
        expect(output).toContain(predicted ?? '');
      },
    );
  });

  const [one, other] = ['http://127.0.0.1:0', 'http://127.0.0.2:0'];

  // Until 3.3 the last list replaces those before it, and an empty one ends etcd.
  const keeps = isAtLeast(etcdVersion(version), '3.4.0');
  test.for([
    { lists: [`${one},${other}`, one], listens: keeps },
    ...(keeps ? [{ lists: [`${one},${other}`, ''], listens: true }] : []),
    { lists: [other, one], listens: false },
  ])('given the URLs $lists.0 and then "$lists.1"', async ({ lists, listens }, { expect }) => {
    const flags = forms['flags']?.(complete([`listen-client-urls=${lists[0] ?? ''}`]));
    const words = [
      ...(keeps ? ['--logger=zap'] : []),
      ...(flags?.words ?? []),
      `--listen-client-urls=${lists[1] ?? ''}`,
    ];
    await using directory = await directoryWith({});

    const predicted = readMemberSettings(
      [{ kind: 'flags', arguments: words.map((text) => ({ text })) }],
      etcdVersion(version, goVersion),
    );
    const { status, output } = await startEtcd(etcd, { words }, directory.path);
    // etcd repeats its arguments, each between quotes or after the name of the flag.
    const listening = output.replaceAll(/--listen-client-urls=\S*/g, '').includes('127.0.0.2:');

    expect(status).toBe('serves');
    expect(listening).toBe(listens);
    expect(predicted.settings.listenClientUrls.value.includes(other)).toBe(listens);
  });
});
