/** How loggers, shippers and programs begin a line: nothing that was cut off another line looks like this. */
const beginnings: readonly RegExp[] = [
  // Time stamps; Go's own "current time A is after B" has one in its midst.
  /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?(?! is (?:after|before)\b)[ \t\]|]/,
  /^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d\b/,
  /^(?:INFO|WARNING|ERROR|FATAL): \d{4}\/\d\d\/\d\d /,
  /^[IWEF]\d{4} \d\d:\d\d:\d\d/,
  /^\d\d:\d\d:\d\d[.,]?\d* /,
  // JSON and logfmt, alone or behind the name of a pod, container or process
  /^(?:\S{1,80} ){0,2}\{ ?"\w/,
  /^(?:time|ts|t|level|lvl)=/,
  /^(?:[\w.-]{1,80} )?[\w.@/-]{1,60}\[\d{1,10}\]: /,
  // Events of Kubernetes
  /^(?:Warning|Normal) {1,20}\w{1,60} {2,}/,
  /^[\w.-]{1,60} {0,40}\| /,
  /^(?:MESSAGE|PRIORITY|SYSLOG_[A-Z]{2,20}|__[A-Z]{2,20}_?[A-Z]{0,20}|_(?:PID|UID|GID|COMM|EXE|CMDLINE|CAP_EFFECTIVE|HOSTNAME|BOOT_ID|MACHINE_ID|TRANSPORT|STREAM_ID|SYSTEMD_[A-Z_]{2,40}))=/,
  /^\[(?:[\w.-]{1,40}\/|[A-Z]{4,8}\b|\d)/,
  // Levels, and words that programs and stack traces begin with
  /^(?:TRACE|DEBUG|DEBU|INFO|WARN|WARNING|ERROR|ERRO|FATAL|FATA|PANIC|NOTICE|CRITICAL)\b/,
  /^(?:Error|Warning|Fatal|fatal|panic|Traceback|Caused by|caused by|goroutine \d|runtime|exit status|Exception)\b/,
  /^(?:Killed|Terminated|Aborted|Hangup|Segmentation fault)\b/,
  /^error: (?!tls:|desc\b)/,
  /^(?:curl|wget|ssl|nc|kubectl|etcdctl|docker|openssl|journalctl): /,
  /^(?:[$#%*+-] |>>> |={3}|-{3}|\t|at \S+\()/,
  /^(?:File "|During handling|depth=\d|verify (?:error|return):|Verify return code|CONNECTED\()/,
];

/** Whether a line begins like one. */
export function beginsLine(text: string): boolean {
  return beginnings.some((beginning) => beginning.test(text));
}

/** Time stamps, JSON, logfmt and names of processes: what follows without one belongs to the same record. */
const heads = beginnings.slice(0, 11);

/** Whether a line has a head as loggers write it for each record. */
export function hasHead(text: string): boolean {
  return heads.some((head) => head.test(text));
}

/** Words that begin a message, and stand in the midst of longer ones as well. */
const messages =
  /^(?:x509|tls|transport|http2?|remote error|local error|rpc error|dial|read|write|open|grpc|context|auth|raft\w{0,10}|etcd\w{0,10}|embed|rejected connection|health check for peer|prober (?:detected|found)|failed to|lost|the clock|cannot|request|Get|Post|Failed|Unable|peer|member|serving|listening|starting|stopping|stopped|added|published|closing|finished|recovered|ignored?|skipped|server|client|connection error)(?:$|[ :])/;

/** Whether a line may be a message of its own. */
export function mayBeginMessage(text: string): boolean {
  return messages.test(text);
}
