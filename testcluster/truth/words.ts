/** Whether a predicted text is among what was said. */
export function said(predicted: string, words: readonly string[]): boolean {
  const text = normal(predicted);
  return words.some((line) => normal(line).includes(text));
}

/** What a closed connection leaves on the side that did not close it: it says nothing of the reason. */
export function isReset(line: string): boolean {
  return /^EOF$|connection reset by peer|broken pipe|use of closed connection/.test(normal(line));
}

/** Without what differs from run to run: the time, ports, and what a resolver adds. */
function normal(text: string): string {
  return text
    .replaceAll('\\', '')
    .replaceAll(/current time \S+ /g, 'current time … ')
    .replaceAll(/(\d+\.\d+\.\d+\.\d+):\d+/g, '$1')
    .replaceAll(/\/\S*?\/cluster\/set\/certs\b/g, '/etc/ssl/certs/etcd')
    .replaceAll(/ \(lookup .*?\)/g, '');
}
