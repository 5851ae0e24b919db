/** A source of randomness that a seed repeats. */
export interface Random {
  /** A number from 0 up to, but not including, `below`. */
  int(below: number): number;
  /** True this often, from 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: small, and good enough to choose inputs by. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const random: Random = {
    int: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    pick(from) {
      const [first] = from;
      if (first === undefined) throw new Error('there is nothing to pick from');
      return from[random.int(from.length)] ?? first;
    },
  };
  return random;
}
