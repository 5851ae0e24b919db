/**
 * Whether amount `a` is greater than `b`, both as Kubernetes writes quantities (`5Gi`, `1500M`, `1e9`). An amount that
 * can't be read is greater than nothing.
 */
export function isGreater(a: string | undefined, b: string | undefined): boolean {
  const [one, other] = [amountOf(a), amountOf(b)];
  return one !== undefined && other !== undefined && one > other;
}

/** A quantity in thousandths of its unit, `undefined` when it is none. Source: `k8s.io/apimachinery/pkg/api/resource`. */
export function amountOf(text: string | undefined): bigint | undefined {
  const match = FORM.exec(text ?? '');
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const scale = scaleOf(suffix);
  if (scale === undefined) return undefined;
  const digits = BigInt(whole + fraction) * scale.numerator * (sign === '-' ? -1n : 1n);
  return digits / (10n ** BigInt(fraction.length) * scale.denominator);
}

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?([A-Za-z]*|[eE][+-]?\d{1,2})$/;

interface Scale {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Thousandths in one unit of a suffix. */
function scaleOf(suffix: string): Scale | undefined {
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix);
  if (exponent !== null) return decimal(Number(exponent[1]) + 3);
  const power = DECIMAL[suffix];
  if (power !== undefined) return decimal(power + 3);
  const binary = BINARY.indexOf(suffix);
  return binary < 0 ? undefined : { numerator: 1000n * 1024n ** BigInt(binary + 1), denominator: 1n };
}

function decimal(power: number): Scale {
  const size = 10n ** BigInt(Math.abs(power));
  return power >= 0 ? { numerator: size, denominator: 1n } : { numerator: 1n, denominator: size };
}

const DECIMAL: { readonly [suffix: string]: number } = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
