import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** Which folders of src each folder may import from, beside itself. Nothing imports cli. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: ['schema'],
  schema: ['model'],
  pki: ['model'],
  etcd: ['model', 'pki'],
  standards: ['model'],
  diagnoses: ['model', 'pki', 'etcd', 'forecast'],
  forecast: ['model', 'pki', 'etcd', 'deployment'],
  deployment: ['model', 'pki', 'etcd', 'src'],
  checks: ['model', 'pki', 'etcd', 'standards', 'diagnoses', 'deployment', 'forecast'],
  collect: ['model', 'pki', 'etcd', 'deployment', 'src', 'schema'],
  evaluate: ['model', 'src'],
  report: ['model', 'deployment', 'forecast', 'diagnoses', 'src', 'schema'],
};

/** The files directly in src, and what they may reach. */
const rootFiles = ['audit.ts', 'index.ts', 'input-error.ts', 'version.ts'];

/** Modules that touch the world, and the only folders that may use them. */
const outside = /^node:(fs|net|tls|http|https|http2|dns|os|process|child_process|readline)\b/;
const mayTouchOutside = ['collect', 'cli'];

/** Each heavy or unusual package stays behind the folders named here. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  '@grpc/grpc-js': ['collect'],
  etcd3: ['collect'],
  chalk: ['report'],
  commander: ['cli'],
  yaml: ['collect'],
  zod: ['collect', 'report', 'schema'],
};

const imports = await readImports();

test('there are imports to judge', () => {
  expect(imports.length).toBeGreaterThan(50);
});

test.each(Object.entries(mayImport))('%s imports only %j and itself', (folder, allowed) => {
  const strays = imports.filter(
    ({ from, to }) => from === folder && to !== folder && to !== undefined && !allowed.includes(to),
  );

  expect(strays).toEqual([]);
});

test('what reaches for the root of src reaches only for the error class and the version', () => {
  const strays = imports.filter(
    ({ from, to, specifier }) =>
      to === 'src' &&
      from !== 'src' &&
      from !== 'cli' &&
      !/\/(input-error|version)\.ts$/.test(specifier),
  );

  expect(strays).toEqual([]);
});

test('collect concludes nothing: of the deployment it reaches the look-up of paths alone', () => {
  const strays = imports.filter(
    ({ from, to, specifier }) =>
      from === 'collect' &&
      to === 'deployment' &&
      !/\/deployment\/(?:roles\/match-files|deployed-path)\.ts$/.test(specifier),
  );

  expect(strays).toEqual([]);
});

test('model takes nothing but types from schema', () => {
  const strays = imports.filter(
    ({ from, to, isStatic }) => from === 'model' && to === 'schema' && isStatic,
  );

  expect(strays).toEqual([]);
});

test('every folder of src has its rule', async () => {
  const entries = await readdir('src', { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);

  expect(folders.filter((name) => name !== 'cli' && mayImport[name] === undefined)).toEqual([]);
  expect(files.filter((name) => !rootFiles.includes(name))).toEqual([]);
});

test('nothing imports cli', () => {
  expect(imports.filter(({ from, to }) => to === 'cli' && from !== 'cli')).toEqual([]);
});

test('tables that are asked for keys from outside have no prototype', async () => {
  const asked = await readSources();
  const bare = asked.filter(({ text }) =>
    /const \w+: (?:Readonly<)?Record<string, [^=]*=\s*\{/.test(text),
  );

  expect(bare.map(({ file }) => file)).toEqual([]);
});

/** Words by which a second copy of a helper would be known, and the one file that may hold them. */
const onePlace = [
  { what: 'whether text is an address', words: /\bisIPv?[46]?\(|25\[0-5\]/, home: 'model/host.ts' },
  { what: 'whether a host is loopback', words: /\b127(?:\\\.|\(\?:|\.')/, home: 'model/host.ts' },
  { what: 'hosts in brackets', words: /includes\(':'\) \? `\[/, home: 'model/host.ts' },
  {
    what: 'the Go rules of a member, which GODEBUG changes as well',
    words: /goRelease\((?:member\.)?goVersion/,
    home: 'deployment/go-rules.ts',
  },
  { what: 'grouping by key', words: /\.set\(\w+, \[\w+\]\)/, home: 'model/group-by.ts' },
  {
    what: 'looking up a path',
    words: /deployed === |\.get\(\w+\.file \?\? /,
    home: 'deployment/deployed-path.ts',
  },
  { what: 'lists with "and"', words: /\.join\(', '\)\} and \$/, home: 'model/words.ts' },
];

test.each(onePlace)('$what is defined in $home alone', async ({ words, home }) => {
  const found = (await readSources()).filter(({ text }) => words.test(text));

  expect(found.map(({ file }) => file)).toEqual([home]);
});

test.each(['enumerate', 'counted', 'groupBy', 'hostOf', 'isIpAddress', 'isLoopback'])(
  'there is one function %s',
  async (name) => {
    const found = (await readSources()).filter(({ text }) =>
      new RegExp(`^(?:export )?(?:function|const) ${name}\\b`, 'm').test(text),
    );

    expect(found).toHaveLength(1);
  },
);

test('no decision reads a sentence that this program wrote', async () => {
  const sentence = '(?:detail|because|conclusion|remedy|etcdSays|clientError|serverError)';
  const reading = new RegExp(
    String.raw`\.(?:test|exec)\((?:\w+\.)*${sentence}\b|\b${sentence}\??\.(?:startsWith|endsWith|includes|match|search|replace)\(`,
  );
  // What gRPC calls a detail is etcd's own text.
  const found = (await readSources()).filter(
    ({ file, text }) => !file.startsWith('collect/rpc/') && reading.test(text),
  );

  expect(found.map(({ file }) => file)).toEqual([]);
});

test('one place makes JSON to be read, and escapes it', async () => {
  const makers = (await readSources()).filter(({ text }) =>
    /JSON\.stringify\([^;]*, (?:undefined|null), \d\)/.test(text),
  );

  // Evidence is escaped where it is printed.
  expect(makers.map(({ file }) => file).toSorted()).toEqual([
    'collect/evidence-file.ts',
    'report/escape.ts',
  ]);
});

test('one place writes to standard error', async () => {
  const writers = (await readSources()).filter(({ text }) =>
    /process\.stderr|console\./.test(text),
  );

  expect(writers.map(({ file }) => file)).toEqual(['cli/standard-error.ts']);
});

test('only collect and cli touch disk, network or process', () => {
  const strays = imports.filter(
    ({ from, specifier }) => outside.test(specifier) && !mayTouchOutside.includes(from),
  );

  expect(strays).toEqual([]);
});

test('each package stays in its folder', () => {
  const strays = imports.filter(({ from, specifier }) => {
    const homes = Object.entries(packageHomes).find(([name]) => specifier === name)?.[1];
    return homes !== undefined && !homes.includes(from);
  });

  expect(strays).toEqual([]);
});

test.each(['cli/main.ts', 'cli/commands/check.ts', 'index.ts'])(
  'nothing heavy is loaded together with %s',
  (entry) => {
    const heavy = ['@grpc/grpc-js', 'etcd3', 'yaml', 'zod'];
    const loaded = loadedWith(entry);
    const strays = imports.filter(
      ({ file, specifier, isStatic }) => loaded.has(file) && isStatic && heavy.includes(specifier),
    );

    expect(loaded.size).toBeGreaterThan(1);
    expect(strays).toEqual([]);
  },
);

/** The files that are loaded as soon as one is, leaving out `await import()`. */
function loadedWith(entry: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    const owner = file;
    const own = imports.filter((each) => each.file === file && each.isStatic);
    waiting.push(
      ...own
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => join(dirname(owner), specifier)),
    );
  }
  return loaded;
}

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly from: string;
  /** The folder of src it leads to, or nothing when it leaves src. */
  readonly to: string | undefined;
  /** Loaded together with the file, unlike `await import()` and unlike types. */
  readonly isStatic: boolean;
}

interface Source {
  /** Below src. */
  readonly file: string;
  readonly text: string;
}

async function readSources(): Promise<readonly Source[]> {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
  const sources = files.map(async (file) => ({
    file,
    text: await readFile(join('src', file), 'utf8'),
  }));
  return Promise.all(sources);
}

async function readImports(): Promise<Import[]> {
  const perFile = (await readSources()).map(({ file, text }) => {
    // isIP is a pure function on text that happens to live in node:net.
    const source = text.replaceAll("import { isIP } from 'node:net';", '');
    const pattern = /((?:import|export) type [^;]*? from |from |import\(\s*|import )'([^']+)'/g;
    return Array.from(source.matchAll(pattern), ([, how = '', specifier = '']) => ({
      file,
      specifier,
      from: folderOf(file),
      to: specifier.startsWith('.') ? folderOf(join(dirname(file), specifier)) : undefined,
      isStatic: !/^(?:import|export) type/.test(how) && !how.startsWith('import('),
    }));
  });
  return perFile.flat();
}

function folderOf(file: string): string {
  const [folder, ...rest] = file.split('/');
  return rest.length === 0 || folder === undefined ? 'src' : folder;
}

/** What modules keep between two calls, and why it may outlive them. */
const kept: Readonly<Record<string, string>> = {
  'collect/files/read-bytes.ts':
    'by the path of a pipe, which gives its content once: what it gave last',
  'collect/rpc/quietly.ts': "Node's switch of warnings belongs to the process",
  'model/natural-order.ts':
    'Intl.Collator takes milliseconds to make, and always gives the same order',
  'pki/check-signature.ts': 'by key and certificate, which never change and take it along',
  'pki/check-signature-from.ts': 'by certificate, which never changes and takes it along',
  'pki/explain-crl.ts':
    'by what Go says, which never changes: 64 texts at most, shared by thousands of files',
  'pki/parse-certificate.ts': 'by certificate, which never changes and takes it along',
  'pki/verify.ts': 'by the list of certificates, which never changes and takes it along',
  'collect/settings/prepared-files.ts':
    'by what runs before a process, which never changes and takes it along',
  'collect/settings/read-settings.ts': 'by the file, which never changes and takes it along',
  'deployment/roles/match-files.ts': 'by the text of a path: a thousand at most, in one way each',
  'deployment/roles/member-hosts.ts': 'by the settings of a member, which take it along',
  'deployment/roles/plan-from-draft.ts': 'by the draft, which never changes and takes it along',
  'etcd/flags.ts': 'the flag of each variable',
  'etcd/go-release-of.ts': 'by releases, which never change',
  'etcd/read-member-settings.ts':
    'by the sources of a member, which never change and take it along',
  'etcd/urls.ts': 'by release and URL: a thousand texts at most, in one way each',
  'etcd/version.ts': 'by the text of a release: a thousand at most, in one way each',
  'deployment/go-rules.ts': 'by the member, which never changes and takes it along',
  'forecast/negotiation.ts': 'by lists of suites, which never change and take it along',
  'forecast/suites.ts': 'by the release of Go, which never changes',
  'model/host.ts': 'by the text of a host or URL: a thousand at most, in one way each',
  'pki/go-release.ts': 'by the text of a release: a thousand at most, in one way each',
  'etcd/effective-tls.ts': 'by the settings of a member, which never change and take it along',
  'deployment/certificate-uses.ts': 'by the facts of one deployment, which take it along',
  'deployment/certificates-in-use.ts': 'by the facts of one deployment, which take it along',
  'forecast/after-start.ts': 'by a setting, which never changes and takes it along',
  'forecast/forecast.ts': 'by the files of one deployment, which take it along',
  'forecast/reach.ts': 'by the settings of a member, or a listener, which take it along',
  'report/html/script.ts': 'a script for browsers, which runs there',
  'checks/support/pair-check.ts': 'by the facts of one deployment, which take it along',
  'checks/support/server-verifiers.ts': 'by the facts of one deployment, which take it along',
};

test('no other module keeps anything between two calls', async () => {
  const found = (await readSources()).filter(({ text }) => keepsState(text));

  expect(found.map(({ file }) => file).toSorted()).toEqual(Object.keys(kept).toSorted());
});

/** Variables of a module that are written, filled or answer by memory. */
function keepsState(source: string): boolean {
  if (/^(?:export )?let /m.test(source)) return true;
  if (/^(?:export )?const \w+\b.*= (?:once|oncePerText|lazy)\(/m.test(source)) return true;
  if (/^(?:export )?const \w+[^=]*= new Weak/m.test(source)) return true;
  const names = [...source.matchAll(/^(?:export )?const (\w+)/gm)].map(([, name = '']) => name);
  return names.some((name) => {
    if (new RegExp(`\\bgetOrMake\\(\\s*${name},`).test(source)) return true;
    const changed = `(?:\\.(?:set|add|delete|clear|push|pop|shift|unshift|splice)\\(|\\[[^\\]]*\\] (?:\\?\\?)?= )`;
    return new RegExp(`(?<![\\w.])${name}${changed}`).test(withoutLocals(source, name));
  });
}

/** The source without functions that have a variable of the same name. */
function withoutLocals(source: string, name: string): string {
  return source
    .split(/^(?=(?:export )?(?:async )?(?:function|class|const) )/m)
    .filter(
      (part) => !new RegExp(`[ ({,](?:const|let) ${name}\\b|[({,] *${name}\\b[,:)]`).test(part),
    )
    .join('');
}

test.each([
  ['const answers = new Map();\nfunction f() {\n  answers.set(1, 2);\n}\n', true],
  ['const answers = new Map();\nfunction f() {\n  return getOrMake(answers, 1, g);\n}\n', true],
  ['let count = 0;\n', true],
  ['const answers = once((facts) => facts);\n', true],
  ['const names = new Set(["a"]);\nfunction f() {\n  return names.has("a");\n}\n', false],
  ['const all = [1];\nfunction f() {\n  const all = [];\n  all.push(1);\n}\n', false],
])('%j keeps state: %s', (source, keeps) => {
  expect(keepsState(source)).toBe(keeps);
});
