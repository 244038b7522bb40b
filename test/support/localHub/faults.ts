/** What goes wrong with an answer. */
export interface Fault {
  /** Requests whose path (of either server) holds this. */
  readonly path: string;
  /** How often; for ever unless given. */
  readonly times?: number;
  readonly method?: string;
  /** Answers with this status instead. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers with this text instead. */
  readonly body?: string;
  /** Sends `body` again and again until the client goes away. */
  readonly endless?: boolean;
  /** Breaks the connection after so many bytes of the content. */
  readonly cutAfter?: number;
  /** Sends other bytes of the same number. */
  readonly corrupt?: boolean;
  /** Sends as if it had not heard of ranges. */
  readonly ignoreRange?: boolean;
  /** Sends nothing, after so many bytes, until the client goes away. */
  readonly stallAfter?: number;
  /** Waits between two pieces of the content. */
  readonly millisecondsAPiece?: number;
}

/** The faults that are to come, the oldest first. */
export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** The fault that is due; it counts as done. */
  take(path: string, method: string): Fault | undefined {
    const due = this.#faults.find(
      ({ fault, left }) =>
        left > 0 && path.includes(fault.path) && (fault.method === undefined || fault.method === method),
    );
    if (due) due.left--;
    return due?.fault;
  }
}
