/**
 * Asks again and again until there is an answer.
 * @param what completes the sentence "… did not happen in time".
 * @throws Error when `timeout` milliseconds went by without one.
 */
export async function poll<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  timeout: number,
  interval = 50,
): Promise<T> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeout / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
