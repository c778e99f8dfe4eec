import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { preparedBy } from '../../../src/collect/settings/prepared-files.ts';
import { startedBy } from '../../../src/collect/settings/started.ts';
import { leadsThrough } from '../../../src/model/mounts.ts';

/** How many scripts are made; PREPARED_SCRIPTS asks for more. */
const count = Number(process.env['PREPARED_SCRIPTS'] ?? 120);
const first = Number(process.env['PREPARED_SEED'] ?? 1);

const directory = mkdtempSync(join(tmpdir(), 'prepared-truth-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const names = ['ca.crt', 'server.crt', 'server.key'];
const places = ['etc/pki', 'srv/pki', 'srv/other'];
const given = places.flatMap((place) => names.map((name) => `${place}/${name}`));

/** What a script finds: files that are given, and others that it may put in their place. */
const template = join(directory, 'template');
for (const place of [...places, 'new', 'home', 'srv/other/pki']) {
  mkdirSync(join(template, place), { recursive: true });
  for (const name of names) writeFileSync(join(template, place, name), `${name} of ${place}\n`);
}
execFileSync('tar', ['-C', join(template, 'new'), '-cf', join(template, 'new.tar'), ...names]);
execFileSync('mkdir', [join(template, 'archive')]);
execFileSync('cp', ['-r', join(template, 'new'), join(template, 'archive/pki')]);
execFileSync('tar', ['-C', join(template, 'archive'), '-cf', join(template, 'pki.tar'), 'pki']);
rmSync(join(template, 'archive'), { recursive: true });

/** Where a command writes: the path of a file, the directory around it, and its name there. */
interface Where {
  readonly file: string;
  readonly folder: string;
  readonly name: string;
}

type Write = (where: Where, root: string) => string;

const writes: readonly Write[] = [
  ({ file, name }, root) => `cp ${root}/new/${name} ${file}`,
  ({ folder, name }, root) => `cp ${root}/new/${name} ${folder}/`,
  ({ folder, name }, root) => `cp ${root}/new/${name} ${folder}`,
  ({ folder }, root) => `cp ${root}/new/* ${folder}`,
  ({ folder, name }, root) => `cp -t ${folder} ${root}/new/${name}`,
  ({ folder, name }, root) => `cp -ft${folder} ${root}/new/${name} ${root}/new/ca.crt`,
  ({ file, name }, root) => `cp -n ${root}/new/${name} ${file}`,
  ({ file, name }, root) => `[ -f ${file} ] || cp ${root}/new/${name} ${file}`,
  ({ folder }, root) => `cp -r ${root}/new/. ${folder}`,
  ({ file, name }, root) => `install -m 600 ${root}/new/${name} ${file}`,
  ({ folder, name }, root) => `install -Dt ${folder} ${root}/new/${name}`,
  ({ folder, name }, root) => `install -m0600 -t${folder} ${root}/new/${name}`,
  ({ folder }) => `install -d ${folder}`,
  ({ file, name }, root) => `ln -sf ${root}/new/${name} ${file}`,
  ({ file }) => `ln -sf ca.crt ${file}`,
  ({ file }) => `mv ${file} ${file}.old`,
  ({ file, name }, root) => `mv ${root}/new/${name} ${file}`,
  ({ folder }, root) => `mv -t ${folder} ${root}/new/*`,
  ({ folder }, root) => `tar -xf ${root}/new.tar -C ${folder}`,
  ({ folder }, root) => `tar -C${folder} -xf ${root}/new.tar`,
  ({ folder }, root) => `tar xCf ${folder} ${root}/new.tar`,
  ({ folder }, root) => `tar --extract --directory=${folder} --file=${root}/new.tar`,
  ({ folder }, root) => `( cd ${folder}/.. && tar xf ${root}/pki.tar )`,
  ({ folder }, root) => `( cd ${folder} && tar xf ${root}/new.tar )`,
  ({ folder }, root) => `tar -tf ${root}/new.tar -C ${folder} >/dev/null`,
  ({ folder, name }, root) => `tar -cf ${folder}/${name} -C ${root}/new ca.crt`,
  ({ file }) => `openssl rand -out ${file} 8`,
  ({ file }) => `sed -i s/of/from/ ${file}`,
  ({ file }) => `sed s/of/from/ ${file}`,
  ({ file }, root) => `sort -o ${file} ${file} ${root}/new/ca.crt`,
  ({ file }, root) => `tee ${file} <${root}/new/ca.crt >/dev/null`,
  ({ file }) => `echo x > ${file}`,
  ({ file }) => `echo x >> ${file}`,
  ({ file }) => `> ${file}`,
  ({ file }) => `date 2> ${file}`,
  ({ file }) => `date &> ${file}`,
  ({ file }) => `{ date; date; } > ${file}`,
  ({ file }) => `exec 3> ${file}; date >&3`,
  ({ file }) => `cat <<EOF > ${file}\nx\nEOF\n`,
  ({ file }, root) => `dd if=${root}/new/ca.crt of=${file} 2>/dev/null`,
  ({ folder, name }, root) => `find ${root}/new -name ${name} -exec cp {} ${folder}/ \\;`,
  ({ folder, name }) => `find ${folder} -name ${name} -delete`,
  ({ folder, name }) => `find ${folder} -name ${name} >/dev/null`,
  ({ folder }, root) => `ls ${root}/new | xargs -I{} cp ${root}/new/{} ${folder}/{}`,
  ({ folder }, root) => `ls ${root}/new/* | xargs cp -t ${folder}`,
  ({ file, name }, root) => `curl -so ${file} file://${root}/new/${name}`,
  ({ file, name }, root) => `curl -s --output ${file} file://${root}/new/${name}`,
  ({ folder, name }, root) => `curl -s --output-dir ${folder} -o ${name} file://${root}/new/ca.crt`,
  ({ folder, name }, root) => `( cd ${folder} && curl -sO file://${root}/new/${name} )`,
  ({ file }) => `rm ${file}`,
  ({ file }) => `truncate -s 0 ${file}`,
  ({ file }) => `touch ${file}`,
  ({ file }) => `cat ${file}`,
  ({ file }) => `chmod 600 ${file}`,
  ({ file }) => `rsync_like() { cp ${file} "$2"; }; rsync_like x ${file}.copy`,
  ({ file }) => `put() { echo x > "$1"; }; put ${file}`,
];

/** How a command is led to the directory that it names, by its path there. */
type Lead = (command: string, folder: string, id: number) => string;

const leads: readonly Lead[] = [
  (command, folder) => `cd ${folder} && ${command}`,
  (command, folder) => `cd ${folder}\n${command}`,
  (command, folder) => `( cd ${folder}; ${command}\n)`,
  (command, folder) => `{ cd ${folder}; }; ${command}`,
  (command, folder) => `pushd ${folder} >/dev/null; ${command}\npopd >/dev/null`,
  (command, folder) => `pushd / >/dev/null; popd >/dev/null; cd ${folder}; ${command}`,
  (command, folder) => `d=${folder}; cd "$d"; ${command}`,
  (command, folder) => `d=$(echo ${folder}); cd $d; ${command}`,
  (command, folder) => `cd $(dirname ${folder}/x); ${command}`,
  (command, folder) => `set -- ${folder}; cd "$1"; ${command}`,
  (command, folder) => `for d in ${folder}; do cd $d; ${command}\ndone`,
  (command, folder) => `if date >/dev/null; then cd ${folder}; fi; ${command}`,
  (command, folder) => `cd / || cd ${folder}; cd ${folder}; ${command}`,
  (command, folder, id) => `go${id}() { cd ${folder}; }; go${id}; ${command}`,
  (command, folder) => `cd ${folder}; cd ..; cd -  >/dev/null; ${command}`,
  (command, folder) => `eval 'cd ${folder}'; ${command}`,
  (command, folder) => `case x in x) cd ${folder};; esac; ${command}`,
  (command, folder) => `cd ${folder}; bash -c ${quoted(command)}`,
  (command, folder) => `env -C ${folder} bash -c ${quoted(command)}`,
  (command, folder) => `cd ${folder}/../other/../$(basename ${folder}); ${command}`,
];

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Minimal standard generator: the same scripts in every run. */
function generator(seed: number) {
  let state = seed * 7919 + 17;
  return (most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
}

function scriptOf(seed: number, root: string): string {
  const below = generator(seed);
  below(2);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const commands = Array.from({ length: 1 + below(3) }, (_, id) => {
    const [place, name] = [`${root}/${pick(places)}`, pick(names)];
    const write = pick(writes);
    switch (below(6)) {
      case 0:
        return write({ file: `${place}/${name}`, folder: place, name }, root);
      case 1:
        return `d=${place}; ${write({ file: `$d/${name}`, folder: '$d', name }, root)}`;
      case 2:
        return `d=$(cat ${root}/where || echo ${place}); ${write({ file: `$d/${name}`, folder: '"$d"', name }, root)}`;
      case 3: {
        const parent = place.replace(/\/[^/]+$/, '');
        const folder = `./${place.slice(parent.length + 1)}`;
        return pick(leads)(write({ file: `${folder}/${name}`, folder, name }, root), parent, id);
      }
      default:
        return pick(leads)(write({ file: name, folder: '.', name }, root), place, id);
    }
  });
  return commands.join('\n');
}

/** Links may lead to themselves. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function contents(root: string): ReadonlyMap<string, string> {
  return new Map(
    given.map((path) => {
      const at = join(root, path);
      return [path, isFile(at) ? readFileSync(at, 'utf8') : ''];
    }),
  );
}

test('each file that a script changes is one that it may write, or a copy of a file that is known', () => {
  const wrong: string[] = [];
  const told = { changed: 0, kept: 0, open: 0 };
  for (let seed = first; seed < first + count; seed += 1) {
    const root = mkdtempSync(join(directory, 'root-'));
    cpSync(template, root, { recursive: true });
    const script = scriptOf(seed, root);
    const isStated = seed % 2 === 0;
    const targets = preparedBy([
      startedBy({
        words: ['/bin/bash', '-c', script].map((text) => ({ text })),
        variables: [],
        complete: true,
        directory: isStated ? join(root, 'etc/pki') : undefined,
      }),
    ]);
    const before = contents(root);
    const sources = new Map(
      targets.flatMap(({ source = '' }) =>
        isFile(source) ? [[source, readFileSync(source, 'utf8')]] : [],
      ),
    );
    spawnSync('/bin/bash', ['-c', script], {
      cwd: join(root, 'etc/pki'),
      env: { PATH: '/usr/bin:/bin', HOME: join(root, 'home') },
      timeout: 10_000,
    });
    for (const [path, content] of contents(root)) {
      const covering = targets.filter((target) => leadsThrough(join(root, path), target.path));
      if (content === before.get(path)) {
        told[covering.length === 0 ? 'kept' : 'open'] += 1;
        continue;
      }
      told.changed += 1;
      const isTold = covering.some(
        ({ source }) => source === undefined || sources.get(source) === content,
      );
      if (!isTold) wrong.push(`${path.replace(root, '')}: ${script.replaceAll(root, '')}`);
    }
    rmSync(root, { recursive: true });
  }

  expect(wrong).toEqual([]);
  // Were all open, nothing would be tried.
  expect(told.changed).toBeGreaterThan(count / 2);
  expect(told.kept).toBeGreaterThan(told.open);
}, 120_000);
