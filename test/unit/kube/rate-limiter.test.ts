import { createAdaptiveLimiter, type Slot } from '../../../syncer/kube/rate-limiter';

const forever = new AbortController().signal;

async function take(limiter: ReturnType<typeof createAdaptiveLimiter>, count: number): Promise<Slot[]> {
  const slots = await Promise.all(Array.from({ length: count }, () => limiter.acquire(forever)));
  return slots.filter((slot) => slot !== undefined);
}

describe('the limit of concurrent requests', () => {
  it('lets others wait, in order, until one ends', async () => {
    const limiter = createAdaptiveLimiter(2);
    const [first] = await take(limiter, 2);
    const order: number[] = [];
    const waiting = [1, 2].map(async (number) => {
      const slot = await limiter.acquire(forever);
      order.push(number);
      return slot;
    });
    first?.('answered');
    (await waiting[0])?.('answered');
    await waiting[1];
    expect(order).toEqual([1, 2]);
  });

  it('halves once for all requests that were under way when the server throttled, and never below one', async () => {
    const limiter = createAdaptiveLimiter(16);
    for (const slot of await take(limiter, 16)) slot('throttled');
    expect(limiter.limit).toBe(8);
    for (let i = 0; i < 10; i += 1) for (const slot of await take(limiter, 1)) slot('throttled');
    expect(limiter.limit).toBe(1);
  });

  it('grows back while the server answers, up to where it began', async () => {
    const limiter = createAdaptiveLimiter(8);
    for (const slot of await take(limiter, 1)) slot('throttled');
    expect(limiter.limit).toBe(4);
    for (let i = 0; i < 100; i += 1) for (const slot of await take(limiter, 4)) slot('answered');
    expect(limiter.limit).toBe(8);
  });

  it('is no affair of requests that never arrived', async () => {
    const limiter = createAdaptiveLimiter(4);
    for (const slot of await take(limiter, 4)) slot('failed');
    expect(limiter.limit).toBe(4);
    expect(await take(limiter, 4)).toHaveLength(4);
  });

  it('lets go who is called off while waiting', async () => {
    const limiter = createAdaptiveLimiter(1);
    const [slot] = await take(limiter, 1);
    const giveUp = new AbortController();
    const waiting = limiter.acquire(giveUp.signal);
    giveUp.abort();
    await expect(waiting).resolves.toBeUndefined();
    slot?.('answered');
    expect(await take(limiter, 1)).toHaveLength(1);
  });
});
