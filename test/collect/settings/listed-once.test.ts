import { expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { directoryWith } from '../../support/directory.ts';

const mentions = ['mentions etcd_cert_file, but is not in a known settings format'];
const holdsNone = ['named like a settings file, but contains no known setting'];

test.each([
  ['etcd_cert_file: /etc/etcd/n1.pem\netcd_client_cert_auth: "{{ auth }}"\n', mentions],
  ['cert_file: /etc/etcd/n1.pem\n', holdsNone],
])('a file that is not understood is listed once: %j', async (text, reasons) => {
  await using set = await directoryWith({ 'group_vars/etcd.yml': text });
  const { verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.notUnderstood.map(({ reason }) => reason)).toEqual(reasons);
});
