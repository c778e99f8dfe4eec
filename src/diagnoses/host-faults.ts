/** What the host does to etcd: signal, title and remedy. */
export const hostFaults: readonly (readonly [
  (
    | 'disk-full'
    | 'slow-disk'
    | 'quota-reached'
    | 'too-many-files'
    | 'data-damaged'
    | 'address-in-use'
  ),
  string,
  string,
])[] = [
  [
    'disk-full',
    'not TLS: the disk is full',
    'Free space on the file system of the data directory; then restart etcd.',
  ],
  [
    'slow-disk',
    'not TLS: the disk is too slow',
    'Give etcd a disk of its own; `etcd_disk_wal_fsync_duration_seconds` in /metrics shows how long it takes.',
  ],
  [
    'quota-reached',
    'not TLS: the database has reached its quota',
    'Compact and defragment, then `etcdctl alarm disarm`; or raise `--quota-backend-bytes`.',
  ],
  [
    'too-many-files',
    'not TLS: the process is out of file descriptors',
    'Raise LimitNOFILE= in the unit, and find the client that opens so many connections.',
  ],
  [
    'data-damaged',
    'not TLS: the data directory is damaged or locked',
    'Restore the member from the cluster: remove it, empty its data directory, add it again.',
  ],
  [
    'address-in-use',
    'not TLS: another process is using the port',
    'Find the process with `ss -ltnp`; usually it is a second etcd.',
  ],
];
