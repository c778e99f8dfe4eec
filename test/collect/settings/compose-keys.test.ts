import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isKnownKey } from '../../../src/collect/settings/compose-keys.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('docker');

const schema = z.object({
  definitions: z.object({ service: z.object({ properties: z.record(z.string(), z.unknown()) }) }),
});

/** As Debian's package has it. */
const file = '/usr/lib/python3/dist-packages/compose/config/compose_spec.json';

test.skipIf(!existsSync(file))('every key that docker-compose allows in a service is known', () => {
  const { definitions } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const keys = Object.keys(definitions.service.properties);

  expect(keys.length).toBeGreaterThan(70);
  expect(keys.filter((key) => !isKnownKey(key))).toEqual([]);
});
