/** Which objects use which host names. */
export class HostnameUsage {
  readonly #byObject = new Map<string, readonly string[]>();
  readonly #counts = new Map<string, number>();

  /** What an object uses from now on. Tells every name whose use may have begun or ended. */
  set(object: string, hostnames: readonly string[]): readonly string[] {
    const before = this.#byObject.get(object) ?? [];
    const now = [...new Set(hostnames)];
    for (const name of now) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const name of before) {
      const left = (this.#counts.get(name) ?? 0) - 1;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
    }
    if (now.length > 0) this.#byObject.set(object, now);
    else this.#byObject.delete(object);
    return [...new Set([...before, ...now])];
  }

  /** Whether any object uses a name. */
  has(hostname: string): boolean {
    return this.#counts.has(hostname);
  }

  /** Every name that is used. */
  names(): Iterable<string> {
    return this.#counts.keys();
  }
}
