import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { compose, files, flags, judged } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';

type Files = Readonly<Record<string, string>>;

const pki = Object.fromEntries(
  Object.entries(files)
    .filter(([name]) => /ca|server/.test(name))
    .map(([name, text]) => [name.slice(4), text]),
);
const encoded = (text = '') => Buffer.from(text).toString('base64');

/** A pod whose certificates come from a volume. */
function podWith(volume: string): Files {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: etcd-0}
spec:
  containers:
  - name: etcd
    image: quay.io/coreos/etcd:v3.5.30
    securityContext: {runAsUser: 0}
    command: ${JSON.stringify(['etcd', ...flags('10.0.0.1')])}
    volumeMounts: [{name: pki, mountPath: /pki}, {name: data, mountPath: /var/lib/etcd}]
  volumes:
  - {name: pki, ${volume}}
  - {name: data, hostPath: {path: /var/lib/etcd}}
`;
  return { 'etcd.yaml': text };
}

/** A Secret or ConfigMap with these keys, and what else its manifest says. */
function held(kind: string, name: string, values: Files, metadata = ''): Files {
  const data = Object.entries(values).map(([key, value]) => `  ${key}: ${value}\n`);
  const text = `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}${metadata}}\ndata:\n${data.join('')}`;
  return { [`${kind}-${name}.yaml`]: text };
}
const secret = (name: string, values: Files, metadata = '') =>
  held(
    'Secret',
    name,
    Object.fromEntries(Object.entries(values).map(([key, text]) => [key, encoded(text)])),
    metadata,
  );
const { 'ca.crt': ca = '', ...pair } = pki;

const filler = (kind: string, spec: string) => ({
  'filler.yaml': `apiVersion: example.org/v1\nkind: ${kind}\nmetadata: {name: all}\nspec: ${spec}\n`,
});
describe('a volume whose content is in the cluster alone is no local file of the same name', () => {
  test.each([
    'csi: {driver: secrets-store.csi.k8s.io, readOnly: true, volumeAttributes: {secretProviderClass: etcd}}',
    'ephemeral: {volumeClaimTemplate: {spec: {}}}',
    'nfs: {server: 10.0.0.9, path: /pki}',
    'projected: {sources: [{somethingNew: {name: etcd}}]}',
    'persistentVolumeClaim: {claimName: pki}',
  ])('%s', async (volume) => {
    expect(await judged({ ...files, ...podWith(volume) })).toEqual({
      status: 'incomplete',
      found: [],
      open: [],
    });
  });

  test('a secret of compose without a file', async () => {
    const given = compose(
      '    secrets: [{source: ca, target: /pki/ca.crt}]\nsecrets: {ca: {external: true}}',
    );

    expect((await judged(given)).status).toBe('incomplete');
  });

  const initContainer =
    '  initContainers: [{name: make, image: tools, command: [make], volumeMounts: [{name: pki, mountPath: /out}]}]\n';

  test('an emptyDir that an init container fills', async () => {
    const { 'etcd.yaml': text = '' } = podWith('emptyDir: {}');
    const given = {
      ...files,
      'etcd.yaml': text.replace('  volumes:', `${initContainer}  volumes:`),
    };

    expect(await judged(given)).toEqual({ status: 'incomplete', found: [], open: [] });
  });

  test('a volume of the pods of a StatefulSet', async () => {
    const { 'etcd.yaml': text = '' } = podWith('emptyDir: {}');
    const given = { ...files, 'etcd.yaml': text.replace(/ {2}- \{name: pki.*\n/, '') };

    expect(await judged(given)).toEqual({ status: 'incomplete', found: [], open: [] });
  });

  const words = JSON.stringify(['etcd', ...flags('10.0.0.1')]);
  const line = flags('10.0.0.1').join(' ');
  const image = 'quay.io/coreos/etcd:v3.5.30';
  const composeWith = (volume: string, volumes: string): Files => ({
    'compose.yaml': `services:\n  etcd:\n    image: ${image}\n    user: "0"\n    command: ${words}\n    volumes:\n    - ${volume}\n    - data:/var/lib/etcd\nvolumes:\n  data: {}\n  ${volumes}\n`,
  });
  const job = (config: string, more = '', driver = 'docker'): Files => ({
    'etcd.nomad.hcl': `job "etcd" {\n  group "etcd" {\n    task "etcd" {\n      driver = "${driver}"\n      user = "root"\n      config {\n        image = "${image}"\n        command = "etcd"\n        args = ${words.replace('"etcd",', '')}\n${config}\n      }\n${more}\n    }\n  }\n}\n`,
  });
  const volumeMount = 'volume_mount {\n volume = "pki"\n destination = "/pki"\n }';
  const inspected = (mount: object): Files => ({
    'inspect.json': JSON.stringify([
      {
        Path: 'etcd',
        Name: '/etcd',
        Args: flags('10.0.0.1'),
        Config: { Image: image, User: '0', Cmd: ['etcd'] },
        Mounts: [mount],
      },
    ]),
  });
  const unit = (mount: string): Files => ({
    'etcd.service': `[Service]\nExecStart=/usr/bin/docker run --name etcd -u 0 ${mount} ${image} etcd ${line}\n`,
  });
  const quadlet = (mount: string): Files => ({
    'etcd.container': `[Container]\nImage=${image}\nUser=0\n${mount}\nExec=etcd ${line}\n`,
  });

  test.each<[string, Files]>([
    ['a volume of compose', composeWith('pki:/pki:ro', 'pki: {}')],
    ['a volume of compose with a dot in its name', composeWith('etcd.pki:/pki', 'etcd.pki: {}')],
    [
      'a volume of compose in the long form',
      composeWith('{type: volume, source: pki, target: /pki}', 'pki: {external: true}'),
    ],
    ['a volume of docker run', unit('-v pki:/pki:ro')],
    ['a volume of docker run in the long form', unit('--mount type=volume,source=pki,target=/pki')],
    ['a volume of a quadlet', quadlet('Volume=pki.volume:/pki')],
    ['a volume of a quadlet in the long form', quadlet('Mount=type=volume,source=pki,target=/pki')],
    [
      'a volume of docker inspect',
      inspected({
        Type: 'volume',
        Name: 'pki',
        Source: '/var/lib/docker/volumes/pki/_data',
        Destination: '/pki',
      }),
    ],
    ['a volume of Nomad', job('', volumeMount)],
    ['a volume of Nomad in a chroot', job('', volumeMount, 'exec')],
    [
      'a volume of the engine in Nomad',
      job('mount {\n type = "volume"\n source = "pki"\n target = "/pki"\n }'),
    ],
  ])('%s', async (_, given) => {
    expect(await judged({ ...files, ...given })).toEqual({
      status: 'incomplete',
      found: [],
      open: [],
    });
  });

  test.each<[string, Files]>([
    ['a directory of compose', composeWith('./pki:/pki:ro', '')],
    [
      'a directory of compose in the long form',
      composeWith('{type: bind, source: pki, target: /pki}', ''),
    ],
    [
      'a volume of compose that is bound to a directory',
      composeWith('pki:/pki', 'pki: {driver_opts: {type: none, o: bind, device: ./pki}}'),
    ],
    ['a directory of docker run', unit('-v /etc/pki:/pki:ro')],
    ['a directory of a quadlet', quadlet('Volume=/etc/pki:/pki')],
    [
      'a directory of a quadlet in the long form',
      quadlet('Mount=type=bind,source=/etc/pki,target=/pki'),
    ],
    [
      'a directory of docker inspect',
      inspected({ Type: 'bind', Source: '/etc/pki', Destination: '/pki' }),
    ],
    [
      'a directory of Nomad',
      job('mount {\n type = "bind"\n source = "/etc/pki"\n target = "/pki"\n }'),
    ],
  ])('%s is on the host', async (_, given) => {
    expect(await judged({ ...files, ...given })).toEqual({ status: 'pass', found: [], open: [] });
  });

  test.each<[string, Files]>([
    ['of compose', composeWith('{type: tmpfs, target: /pki}', '')],
    ['of docker run', unit('--mount type=tmpfs,target=/pki')],
    ['of a quadlet', quadlet('Tmpfs=/pki')],
    ['of docker inspect', inspected({ Type: 'tmpfs', Source: '', Destination: '/pki' })],
    ['of Nomad', job('mount {\n type = "tmpfs"\n target = "/pki"\n }')],
  ])('a file system in memory %s is empty', async (_, given) => {
    expect((await judged({ ...files, ...given })).status).toBe('fail');
  });

  test('the headline says how to say what is in it', async () => {
    await using set = await directoryWith({
      ...files,
      ...podWith('persistentVolumeClaim: {claimName: pki}'),
    });
    const { verdict } = await audit({ paths: [set.path], maps: [] });

    expect(`${verdict.sentence} ${verdict.next}`).toMatch(
      /of the PersistentVolumeClaim default\/pki was not given.*--map \/pki=DIRECTORY/s,
    );
  });

  test('with --map it is', async () => {
    await using set = await directoryWith({ ...files, ...podWith('csi: {driver: example.org}') });
    const maps = [{ prefix: '/pki', directory: set.at('pki') }];

    expect((await audit({ paths: [set.path], maps })).verdict.status).toBe('pass');
  });
});

describe('a projected volume has the files of all its sources', () => {
  test('two Secrets in one directory', async () => {
    const volume = 'projected: {sources: [{secret: {name: ca}}, {secret: {name: pair}}]}';
    const given = { ...secret('ca', { 'ca.crt': ca }), ...secret('pair', pair) };

    expect((await judged({ ...given, ...podWith(volume) })).status).toBe('pass');
    expect((await judged({ ...secret('pair', pair), ...podWith(volume) })).status).toBe(
      'incomplete',
    );
  });

  test('a Secret next to a bundle of the cluster', async () => {
    const bundle = '{clusterTrustBundle: {name: etcd, path: ca.crt}}';
    const volume = `projected: {sources: [${bundle}, {secret: {name: pair}}]}`;
    const given = { ...files, ...secret('pair', pair), ...podWith(volume) };

    expect(await judged(given)).toEqual({ status: 'incomplete', found: [], open: [] });
  });

  test('a Secret next to a token', async () => {
    const volume =
      'projected: {sources: [{serviceAccountToken: {path: token}}, {secret: {name: all}}]}';

    expect((await judged({ ...secret('all', pki), ...podWith(volume) })).status).toBe('pass');
  });
});

describe('what something else fills in is not seen', () => {
  const pod = podWith('secret: {secretName: all}');
  const written = { ...secret('all', pki) }['Secret-all.yaml'] ?? '';
  const withCa = (value: string) => ({
    ...pod,
    'secret.yaml': written.replace(/ {2}ca\.crt: .*/, `  ca.crt: ${value}`),
  });

  test.each([
    '"{{ .Values.ca | b64enc }}"',
    '{{ .Values.ca }}',
    '',
    '~',
    'ENC[AES256_GCM,data:abcd,type:str]',
    '"${CA}"',
    'not base64',
    '"<CA in base64>"',
  ])('ca.crt: %s', async (value) => {
    const { status, found } = await judged(withCa(value));

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
  });

  test.each(["''", '""'])(
    'an empty value %s, but for what came out of a cluster',
    async (value) => {
      const given = withCa(value);
      const { status, found } = await judged(given);
      const live = given['secret.yaml'].replace('{name: all', '{name: all, uid: 1b6ef3a0');

      expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
      expect((await judged({ ...given, 'secret.yaml': live })).found).toHaveLength(1);
    },
  );

  test.each(["''", 'a b', 'a/b'])(
    'a Secret with the key %s, which Kubernetes refuses',
    async (key) => {
      const { status, found } = await judged({
        ...pod,
        'secret.yaml': `${written}  ${key}: ${encoded('x')}\n`,
      });

      expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    },
  );

  const fillers = [
    ['ExternalSecret', '{target: {creationPolicy: Merge}}'],
    ['ExternalSecret', '{target: {name: all}}'],
    ['SealedSecret', '{encryptedData: {ca.crt: abc}}'],
    ['SecretProviderClass', '{secretObjects: [{secretName: all}]}'],
    ['Certificate', '{secretName: all}'],
  ] as const;

  test.each(fillers)('a key that %s %s may add', async (kind, spec) => {
    const { status, found } = await judged({
      ...pod,
      ...secret('all', pair),
      ...filler(kind, spec),
    });

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
  });

  test.each([
    { what: 'no filler', given: secret('all', pair) },
    {
      what: 'the filler of another',
      given: { ...secret('all', pair), ...filler('ExternalSecret', '{target: {name: other}}') },
    },
    {
      what: 'a Secret as the cluster has it',
      given: {
        ...secret('all', pair, ', uid: 1b6ef3a0'),
        ...filler('ExternalSecret', '{target: {name: all}}'),
      },
    },
  ])('a key that is not there: $what', async ({ given }) => {
    expect((await judged({ ...pod, ...given })).status).toBe('fail');
  });

  test('a variable of etcd', async () => {
    const variable =
      'env: [{name: ETCD_TRUSTED_CA_FILE, valueFrom: {secretKeyRef: {name: env, key: ca}}}]';
    const { 'etcd.yaml': text = '' } = podWith('hostPath: {path: /etc/pki}');
    const given = {
      ...files,
      ...held('Secret', 'env', { ca: '"{{ .Values.path }}"' }),
      'etcd.yaml': text
        .replace('"--trusted-ca-file=/pki/ca.crt",', '')
        .replace('    volumeMounts:', `    ${variable}\n    volumeMounts:`),
    };
    const { status, found } = await judged(given);

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
  });
});
