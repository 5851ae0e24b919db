import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Names, meaning and labels of a metric. Names start with `sublet_`; counters end in `_total`, durations in `_seconds`. */
export interface MetricDefinition<Label extends string> {
  readonly name: `sublet_${string}`;
  readonly help: string;
  /** @default none */
  readonly labels?: readonly Label[];
}

/** What a scrape gets. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** The metrics of one process. Asking twice for the same name gives the same metric. */
export interface Metrics {
  counter<Label extends string = never>(definition: MetricDefinition<Label>): Counter<Label>;
  /** `read`, if given, is asked at each scrape instead of being told at each change. */
  gauge<Label extends string = never>(definition: MetricDefinition<Label>, read?: () => number): Gauge<Label>;
  /** `buckets` are upper bounds. */
  histogram<Label extends string = never>(
    definition: MetricDefinition<Label>,
    buckets: readonly number[],
  ): Histogram<Label>;
  /** All metrics in Prometheus' text format. The process's own (memory, event loop, …) are measured from the first call on. */
  exposition(): Promise<Exposition>;
}

/** Upper bounds, in seconds, for what should take milliseconds and may take half a minute. */
export const LATENCY_BUCKETS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Makes an empty set of metrics, apart from every other. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const made = new Map<string, object>();
  let measuresProcess = false;

  const once = <T extends object>(type: new (configuration: never) => T, name: string, make: () => T): T => {
    const existing = made.get(name);
    if (existing instanceof type) return existing;
    const metric = make();
    made.set(name, metric);
    return metric;
  };
  const configuration = <Label extends string>({ name, help, labels = [] }: MetricDefinition<Label>) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });

  return {
    counter: <Label extends string>(definition: MetricDefinition<Label>) =>
      once(Counter<Label>, definition.name, () => new Counter<Label>(configuration(definition))),
    gauge: <Label extends string>(definition: MetricDefinition<Label>, read?: () => number) =>
      once(Gauge<Label>, definition.name, () => {
        if (read === undefined) return new Gauge<Label>(configuration(definition));
        return new Gauge<Label>({
          ...configuration(definition),
          collect() {
            this.set(read());
          },
        });
      }),
    histogram: <Label extends string>(definition: MetricDefinition<Label>, buckets: readonly number[]) =>
      once(
        Histogram<Label>,
        definition.name,
        () => new Histogram<Label>({ ...configuration(definition), buckets: [...buckets] }),
      ),
    async exposition() {
      if (!measuresProcess) collectDefaultMetrics({ register: registry });
      measuresProcess = true;
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
