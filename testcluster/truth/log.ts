/** A connection that a listener refused, by its own log. */
export interface Rejection {
  /** Where it came from. */
  readonly address: string;
  readonly port: string;
  readonly error: string;
}

/** The lines of etcd's log as text, whichever of its two loggers wrote them. */
interface LogLine {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Lines of the newer logger are JSON. */
function logLines(log: string): readonly LogLine[] {
  return log
    .split('\n')
    .map((text) => ({ text, fields: text.startsWith('{') ? fieldsOf(text) : {} }));
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // The last line of a log that is being written may be half there.
    return {};
  }
}

export function rejections(log: string): readonly Rejection[] {
  return logLines(log).flatMap((line) => {
    const found = rejectionIn(line);
    return found === undefined ? [] : [found];
  });
}

function rejectionIn({ text, fields }: LogLine): Rejection | undefined {
  const { msg, error, 'remote-addr': remote } = fields;
  if (typeof msg === 'string' && msg.startsWith('rejected connection')) {
    return { ...source(String(remote)), error: String(error) };
  }
  const old = /rejected connection from "([^"]+)" \(error ("(?:[^"\\]|\\.)*")/.exec(text);
  return old === null
    ? undefined
    : { ...source(old[1] ?? ''), error: String(JSON.parse(old[2] ?? '""')) };
}

function source(text: string): { readonly address: string; readonly port: string } {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** Member ids in hex, by the peer URL under which a member was added to the cluster. */
export function memberIds(log: string): ReadonlyMap<string, string> {
  const ids = logLines(log).flatMap(({ text, fields }): [string, string][] => {
    const { 'added-peer-id': id, 'added-peer-peer-urls': urls } = fields;
    if (typeof id === 'string' && Array.isArray(urls)) {
      return urls.map((url) => [String(url), id]);
    }
    const old = /added member ([0-9a-f]+) \[(\S+)\] to cluster/.exec(text);
    return old === null ? [] : [[old[2] ?? '', old[1] ?? '']];
  });
  return new Map(ids);
}

/** Whether a member has a stream to another that it dialled itself. */
export function hasConnected(log: string, id: string): boolean {
  return logLines(log).some(({ text, fields }) =>
    fields['msg'] === 'established TCP streaming connection with remote peer'
      ? fields['remote-peer-id'] === id && fields['stream-reader-type'] !== undefined
      : text.includes(`established a TCP streaming connection with peer ${id}`) &&
        text.includes('reader)'),
  );
}

/** What a member says of its failures to reach another. */
export function failuresTowards(log: string, id: string, url: string): readonly string[] {
  return (
    logLines(log)
      .filter(({ text }) => (text.includes(id) || text.includes(url)) && mentionsFailure.test(text))
      // That raft could not send is a consequence, which comes without its reason.
      .filter(({ text }) => !text.includes('message send to peer failed'))
      .map(({ text, fields }) => (typeof fields['error'] === 'string' ? fields['error'] : text))
  );
}

const mentionsFailure =
  /failed to dial|could not connect|failed to reach|became inactive|unhealthy|"error":|tls:|x509:/;
