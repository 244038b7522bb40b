/** Time, injected so that tests own it. */
export interface Clock {
  /** Milliseconds from an arbitrary origin, never going back. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): { cancel(): void };
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, milliseconds) => {
    const handle = setTimeout(callback, milliseconds);
    return { cancel: () => clearTimeout(handle) };
  },
};
