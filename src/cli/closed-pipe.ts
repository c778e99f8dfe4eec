/**
 * A reader that has seen enough (`| head`) is not an error: what is left of the output is dropped. `lose` is
 * told of any other reason, such as a full disk.
 */
export function ignoreClosedPipe(
  stream: NodeJS.WritableStream,
  lose: (error: NodeJS.ErrnoException) => void = raise,
): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lose(error);
  });
}

function raise(error: NodeJS.ErrnoException): never {
  throw error;
}
