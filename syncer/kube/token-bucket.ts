/** Lets so many through at once, and so many more each second. */
export interface TokenBucket {
  /** Whether one more may pass. */
  take(): boolean;
}

/**
 * Makes a full bucket.
 * @param now milliseconds since 1970
 */
export function createTokenBucket(
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
  now: () => number,
): TokenBucket {
  let [tokens, filledAt] = [burst, now()];
  return {
    take() {
      const time = now();
      // A clock that was set back adds nothing.
      tokens = Math.min(burst, tokens + (Math.max(0, time - filledAt) / 1000) * perSecond);
      filledAt = time;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
