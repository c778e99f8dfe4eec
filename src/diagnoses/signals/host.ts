import type { Wording } from './signal.ts';

/** What stops etcd and has nothing to do with TLS. */
export const hostWordings: readonly Wording[] = [
  ['raft-log-lost', /tocommit\(\d{1,20}\) is out of range|raft log corrupted, truncated, or lost/],
  [
    'member-removed',
    /permanently removed from (?:the )?cluster|member (?:has been|was) permanently removed|rejected .{0,60}removed member/,
  ],
  ['disk-full', /no space left on device|ENOSPC/],
  [
    'quota-reached',
    /database space exceeded|alarm:NOSPACE|alarm raised.{0,60}NOSPACE|alarm NOSPACE raised/,
  ],
  [
    'address-in-use',
    /address already in use(?<=(?:(?<address>\S{1,99}): bind: )?address already in use)|EADDRINUSE/,
  ],
  [
    'address-not-here',
    /bind: cannot assign requested address(?<=(?:(?<address>\S{1,99}): )?bind: cannot assign requested address)|EADDRNOTAVAIL/,
  ],
  ['slow-disk', /slow fdatasync|sync duration of \S{1,30}, expected less than/],
  ['too-many-files', /too many open files|EMFILE/],
  [
    'data-damaged',
    /crc mismatch|invalid database|freepages|failed to (?:recover|load) .{0,60}snapshot|snap: .{0,40}corrupt|database file .{0,99} (?:locked|corrupt)/i,
  ],
];

/** Libraries that fold every failed connection into one word: the reason is not in the text. */
export const hiddenWordings: readonly Wording[] = [
  ['no-credentials-given', /Unable to determine the TLS configuration of the channel/],
  [
    'reason-hidden',
    /(?<dotnet>Status\(StatusCode="?Unavailable|StatusCode=Unavailable|Error (?:starting gRPC call|connecting to subchannel))/,
  ],
  [
    'reason-hidden',
    /(?<python>etcd3\.exceptions\.Connection\w{1,40}|etcd connection failed|failed to connect to all addresses|_InactiveRpcError)/,
  ],
  [
    'reason-hidden',
    /(?<node>14 UNAVAILABLE|No connection established|EtcdNoAliveEndpoints|GRPCUnavailableError|GRPCGenericError)/,
  ],
  [
    'reason-hidden',
    /(?<java>UNAVAILABLE: io exception|StatusRuntimeException: UNAVAILABLE|DEADLINE_EXCEEDED: )/,
  ],
  [
    'reason-hidden',
    /(?<rust>tonic::(?:transport::Error\(Transport|Status)|GRpcStatus|transport error)/,
  ],
  [
    'reason-hidden',
    /(?<lua>no healthy etcd endpoint available|has no healthy etcd endpoint|all etcd nodes are unavailable)/,
  ],
  [
    'reason-hidden',
    /(?<go>all SubConns are in TransientFailure|no available endpoints|there is no (?:connection|address) available|etcdclient: no available endpoints)/,
  ],
];
