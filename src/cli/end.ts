/**
 * Ends the process once everything is written. grpc-js leaves sockets open whose TLS handshake never ended, gives no
 * access to them, and one of them would keep the process from ending for as long as the server likes.
 */
export function endWith(code: number): void {
  process.exitCode = code;
  // An error of the output is an event, which comes after the answer to the write.
  process.stdout.write('', () => setImmediate(() => process.exit()));
}
