/** What the program tells its caller; an interruption is 128 and the number of the signal, as in shells. */
export const exitCodes = {
  ok: 0,
  /** A file could not be analysed, or the engine failed. */
  failed: 1,
  usage: 2,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;
