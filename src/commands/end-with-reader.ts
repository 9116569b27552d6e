/** What a shell calls a program that SIGPIPE has ended: 128 + 13. Node ignores the signal. */
const ENDED_BY_PIPE = 141;

/** `… | head` has read enough: there is nobody to print for, and nothing to complain of. */
export function endWithReader(
  stream: NodeJS.WritableStream = process.stdout,
  end: (code: number) => void = process.exit,
): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    end(ENDED_BY_PIPE);
  });
}
