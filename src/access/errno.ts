/** Whether the file system (or the system at all) answered with an error, and with this one if one is named. */
export const isErrno = (error: unknown, code?: string): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error && (code === undefined || error.code === code);
