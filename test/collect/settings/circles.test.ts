import { expect, test } from 'vitest';
import { startedByScript } from '../../../src/collect/settings/started.ts';

/** What `./script` starts, when these are the files of its directory. */
function startedIn(files: Readonly<Record<string, string>>) {
  const given = Object.entries(files).map(([path, text]) => ({ path, text: `#!/bin/sh\n${text}` }));
  const find = (path: string) => given.find((file) => file.path === path.replace(/^\.\//, ''));
  const script = find('script');
  if (script === undefined) throw new Error('there is no script');
  const { started } = startedByScript(script, { find });
  return {
    programs: started.map(({ program }) => program),
    doubts: new Set(started.flatMap(({ doubts }) => doubts.map(({ reason }) => reason))),
    read: started.flatMap(({ read }) => read),
  };
}

test.each(['. ./script\n', 'source ./script\n'])(
  'a script that reads itself with %j is read once, and the rest of it is not known',
  (call) => {
    const { programs, doubts } = startedIn({ script: `${call.repeat(20)}etcd --name a\n` });

    expect(programs).toEqual(['etcd']);
    expect(doubts).toContain('`script` reads itself again');
  },
);

test.each(['./script\n', 'env A=1 ./script\n', 'X=$(./script)\n', 'exec ./script &\n'])(
  'a script that starts itself with %j is read once',
  (call) => {
    const { programs, doubts } = startedIn({ script: `${call.repeat(20)}etcd --name a\n` });

    expect(programs).toEqual([...Array<string>(20).fill('sh'), 'etcd']);
    expect([...doubts]).toEqual(['the script starts itself again']);
  },
);

test('scripts that lead to one another in ever more ways are read to a limit, which is said', () => {
  const names = ['script', 'b', 'c', 'd', 'e', 'f'];
  const files = Object.fromEntries(
    names.map((name, index) => {
      const next = names[index + 1];
      return [name, next === undefined ? 'etcd --name a\n' : `./${next}\n`.repeat(20)];
    }),
  );
  const { programs, doubts } = startedIn(files);

  expect(programs.length).toBeLessThan(1000);
  expect([...doubts]).toContain('more than 64 scripts start one another');
});

test('files that read one another in ever more ways are read to a limit, which is said', () => {
  const { doubts, read } = startedIn({
    script: '. ./b\n'.repeat(20) + 'etcd --name a\n',
    b: '. ./c\n'.repeat(20),
    c: '. ./d\n'.repeat(20),
    d: '. ./e\n'.repeat(20),
    e: 'ETCD_NAME=a\n',
  });

  expect(doubts.size).toBeGreaterThan(0);
  expect(new Set(read).size).toBe(read.length);
});
