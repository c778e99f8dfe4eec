import {
  ClientRuntimeError,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  GRPCGenericError,
  GRPCInternalError,
  GRPCUnavailableError,
} from 'etcd3';
import { expect, test } from 'vitest';
import { refusalCode } from '../../../src/collect/rpc/ordinary-client.ts';

test.each([
  [new GRPCUnavailableError('14 UNAVAILABLE: certificate has expired'), 'CERT_HAS_EXPIRED'],
  [new GRPCUnavailableError('14 UNAVAILABLE: No connection established'), 'UNAVAILABLE'],
  [new GRPCInternalError('13 INTERNAL: Received RST_STREAM'), 'INTERNAL'],
  [new EtcdPermissionDeniedError('etcdserver: permission denied'), 'PERMISSION_DENIED'],
  [
    new EtcdLeaseInvalidError('5 NOT_FOUND: etcdserver: requested lease not found'),
    'LEASE_INVALID',
  ],
  [new GRPCGenericError('99 undefined: x'), 'UNKNOWN'],
  [new GRPCGenericError('NaN undefined: x'), 'UNKNOWN'],
])('%s is a refusal', (error, code) => {
  expect(refusalCode(error)).toBe(code);
});

test.each([
  new TypeError('x is not a function'),
  new RangeError('Invalid array length'),
  new GRPCGenericError('an error without a status of gRPC'),
  new ClientRuntimeError('Connection pool has no hosts'),
  'text',
])('%s is a bug of this program, and no refusal', (error) => {
  expect(refusalCode(error)).toBeUndefined();
});
