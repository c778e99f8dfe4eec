import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { directoryWith } from '../../support/directory.ts';
import { entry } from '../../support/program.ts';

const length = 400_000;
const fill = (piece: string) => piece.repeat(Math.ceil(length / piece.length));
const unit = (text: string) => `[Service]\nExecStart=/usr/bin/etcd --name a\n${text}`;

/** Each kept a pattern busy for minutes or without end: it tried again from every place where it could begin. */
const inputs: Readonly<Record<string, readonly [name: string, text: string]>> = {
  'empty lines': ['etcd.sh', `#!/bin/sh\n${fill('\n')}etcd --name a\n`],
  'empty lines before an option': ['args', `${fill('\n')}x`],
  'a pattern of many stars': [
    'etcd.sh',
    `#!/bin/bash\nA=${'a'.repeat(3000)}\nB=\${A##${'*a'.repeat(20)}b}\nexec etcd --name "$B"\n`,
  ],
  'a duration of many parts': [
    'etcd.conf.yml',
    `name: a\ngrpc-keepalive-timeout: 1.${'s000'.repeat(40)}µ\n`,
  ],
  'dashes after END': [
    'ca.crt',
    `-----BEGIN CERTIFICATE-----\n-----END ${fill('-')}\n-----BEGIN X-----\n`,
  ],
  'BEGIN without END': ['ca.crt', fill('-----BEGIN CERTIFICATE-----\n')],
  'blanks before a comment': ['docker.env', `ETCD_NAME=a${fill(' ')}x\n`],
  'blanks in a unit': ['etcd.service', unit(`Environment=A=${fill(' ')}\u0001\n`)],
  'a word of many colons': ['etcd.service', unit(`Environment=ETCD_NAME=${fill('a:,')}@\n`)],
  'a user without a password': [
    'etcd.service',
    unit(`Environment="ETCD_NAME=--user${fill(' ')}x"\n`),
  ],
  'a line of echoes': ['setup.sh', `${fill('echo ')}\ncat x\netcd --name a\n`],
  'a list of processes': ['ps.txt', `root 1 1 ${fill('etcd')}\n 1 /usr/bin/etcd --name a\n`],
  'commas in braces': ['etcd.sh', `#!/bin/sh\netcd --name {${fill(',')}{,}\n`],
  'quotes that are escaped': ['Dockerfile', `FROM etcd\nCMD ["etcd${fill('\\"')}\n`],
  'words of a template': ['etcd.sh', `#!/bin/sh\netcd --name {{${fill(' a')}\n`],
  'arrays in arrays': ['etcd.sh', `#!/bin/bash\n${fill('A=(')}\netcd --name a\n`],
  'lines in an open quote': ['etcd.env', `ETCD_NAME=a\nETCD_CERT_FILE="${fill('a\n')}`],
  'brackets that stay open': ['etcd.sh', `#!/bin/sh\netcd --name ${fill('[')}\n`],
  'URLs in one word': [
    'etcd.service',
    `[Service]\nExecStart=/usr/bin/etcd --name a --listen-client-urls http${':http:http'.repeat(40)},,\n`,
  ],
  'names of variables': [
    'supervisord.conf',
    `[program:etcd]\ncommand=etcd\nenvironment=${fill('A')},B=c\n`,
  ],
};

test.each(Object.entries(inputs))(
  '%s are read to their end',
  { timeout: 200_000 },
  async (_, [name, text]) => {
    await using set = await directoryWith({ [name]: text });

    const code = await new Promise((settle) => {
      const child = execFile(
        process.execPath,
        [entry, 'check', set.at(name), '--report', 'json'],
        // A hundred times what it takes.
        { timeout: 180_000, maxBuffer: 1e8 },
        () => settle(child.exitCode),
      );
    });

    expect([0, 1, 2, 3]).toContain(code);
  },
);
