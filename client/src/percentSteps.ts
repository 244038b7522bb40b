/** Turns a share that grows into the increments that the editor's progress asks for. */
export class PercentSteps {
  #reported = 0;

  /** @returns percent since the last call; 0 where the share has shrunk. */
  next(done: number, total: number): number {
    const percent = total > 0 ? (100 * done) / total : 0;
    const step = Math.max(0, percent - this.#reported);
    this.#reported += step;
    return step;
  }
}
