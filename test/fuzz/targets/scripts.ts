import { startedByScript } from '../../../src/collect/settings/started.ts';
import { withAccidents } from '../accidents.ts';
import { type FuzzTarget, tried } from '../target.ts';

const samples: readonly string[] = [
  'export ETCD_NAME=node1\nA=x; B=$A$A\netcd --cert-file "$HOME/a.pem" --key-file ${KEY:-b.pem}\n',
  'start() { local d=$1; etcd --data-dir "$d" "$@"; }\nfor i in 1 2 3; do start "/var/$i"; done\n',
  'set -a; . ./etcd.env; set +a\nif [ -n "$ETCD_NAME" ]; then exec etcd; else exit 1; fi\n',
  'cat <<EOF >etcd.env\nETCD_NAME=$(hostname)\nEOF\ncase $1 in start) etcd ;; *) echo "${0##*/} start" ;; esac\n',
  'ARGS=(--name node1 --cert-file=/a.pem)\netcd "${ARGS[@]}" &\nwhile ! etcdctl endpoint health; do sleep 1; done\n',
  'eval "etcd --name $NAME"; env -i ETCD_NAME=b etcd; sudo -u etcd ETCD_NAME=c etcd\nA=${A%.*}; A=$((1+2)); etcd --name "$A"\n',
];

const signs = [
  '\n',
  ';',
  '&',
  '|',
  '||',
  '&&',
  '(',
  ')',
  '((',
  '{ ',
  ' }',
  '"',
  "'",
  '`',
  '\\',
  '\\\n',
  '$',
  '${',
  '}',
  '$(',
  '$((',
  '<<E\n',
  '<<-"E"\n',
  '\nE\n',
  '>',
  '2>&1',
  '<(',
  'if ',
  'then ',
  'fi\n',
  'do ',
  'done\n',
  'case x in ',
  'esac\n',
  '$@',
  '$A$A$A$A',
  'A=$A$A\n',
  'f() { f; }\nf\n',
  'while :; do A=$A$A; done\n',
  'eval "$A" ',
  '. ./script\n',
  './script\n',
  'f() { g; g; }; g() { f; f; }; f\n',
  '*',
  '[!a]',
  '~',
];

/** Words of everything that a script starts; a doubling variable must not make them long. */
const mostCharacters = 8_000_000;

/** Shell scripts: followed or listed as not understood, in both dialects, within the budget for what variables become. */
export const scripts: FuzzTarget = {
  name: 'scripts',
  mostMilliseconds: 5000,
  inputs: 10000,
  prepare() {
    return Promise.resolve((random) => {
      const shell = random.pick(['#!/bin/sh\n', '#!/bin/bash\n', '']);
      const text = shell + withAccidents(random.pick(samples), signs, random);
      const script = { path: 'script', text };
      const files = [script, { path: './etcd.env', text: 'ETCD_NAME=node1\nA=$A$A\n' }];
      const find = (path: string) => files.find((file) => file.path.endsWith(path));
      return tried(text, () => {
        const { started } = startedByScript(script, { find });
        if (JSON.stringify(started).length > mostCharacters) throw new Error('words without end');
      });
    });
  },
};
