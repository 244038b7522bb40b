/** How long to wait before each restart in a row, in milliseconds. After the last one the server stays down. */
const restartDelays = [0, 500, 2_000, 8_000] as const;

/** A server that ran this long, in milliseconds, is taken to be healthy: the count starts afresh. */
const healthyAfter = 180_000;

/** Decides whether a server that ended by itself is started again, so that one that cannot run does not spin. */
export class RestartPolicy {
  #restarts: number[] = [];

  /** @returns the milliseconds to wait, or undefined to give up. @param now milliseconds of a steady clock */
  nextDelay(now: number): number | undefined {
    this.#restarts = this.#restarts.filter((time) => now - time < healthyAfter);
    const delay = restartDelays[this.#restarts.length];
    if (delay !== undefined) this.#restarts.push(now);
    return delay;
  }

  /** For a restart that the user asked for. */
  reset(): void {
    this.#restarts = [];
  }
}
