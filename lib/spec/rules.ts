import { isIP } from 'node:net';

/** What a text field may hold. */
export interface TextRule {
  /** In words, after "allowed:". */
  readonly allowed: string;
  readonly test: (text: string) => boolean;
  /** A better idea for a text that fails, when there is one. */
  readonly hint?: (text: string) => string | undefined;
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** The rules of all text fields. Those of Kubernetes follow its `apimachinery` validation. */
export const RULES = {
  /** A namespace. */
  label: {
    allowed: 'up to 63 lower-case letters, digits and "-", beginning and ending with a letter or digit',
    test: (text) => LABEL.test(text),
    hint: (text) => suggestion(text, LABEL),
  },
  /** A name of most kinds of objects. */
  subdomain: {
    allowed: 'a name of lower-case letters, digits, "-" and "."',
    test: isDomain,
    hint: (text) => suggestion(text, DOMAIN),
  },
  domain: { allowed: 'a DNS domain such as cluster.local', test: isDomain },
  /** A name or address in a certificate. */
  subjectAltName: {
    allowed: 'an IP address or a DNS name, which may begin with "*."',
    test: (text) => isIP(text) !== 0 || isDomain(text.replace(/^\*\./, '')),
  },
  ipAddress: {
    allowed: 'an IP address such as 10.0.0.53 or fd00::53',
    test: (text) => isIP(text) !== 0 && !text.includes('%'),
  },
  quantity: { allowed: 'a quantity such as 250m, 64Mi or 5Gi', test: isQuantity, hint: quantityHint },
  /** How large a volume is. */
  size: {
    allowed: 'a quantity above zero such as 5Gi',
    test: (text) => isQuantity(text) && /[1-9]/.test(text.replace(/[eE].*/, '')),
    hint: quantityHint,
  },
  image: {
    allowed: 'an image such as registry.example.com/team/name:tag',
    test: (text) => /^[a-z0-9][\w.:/-]*(@sha256:[0-9a-f]{64})?$/.test(text) && !text.includes('//'),
    hint: (text) => (/^https?:/.test(text) ? 'leave out the https://' : undefined),
  },
  registry: {
    allowed: 'a registry, with or without a path: registry.example.com/mirror',
    test: (text) => /^[a-z0-9][\w.-]*(:\d+)?(\/[a-z0-9._-]+)*$/.test(text),
    hint: (text) => (/^https?:/.test(text) ? 'leave out the https://' : undefined),
  },
  addressRange: { allowed: 'an address range such as 198.51.100.0/24', test: isCidr },
  /** The range of a cluster's Services. */
  cidr: {
    allowed: 'an address range such as 10.96.0.0/16, or an IPv4 and an IPv6 range with a comma between them',
    test: (text) => text.split(',').length <= 2 && text.split(',').every(isCidr),
  },
  httpsUrl: {
    allowed: 'an https:// address without a path',
    test: (text) => /^https:\/\/[^\s/]+\/?$/.test(text) && URL.canParse(text),
    hint: (text) => (text.includes('://') ? undefined : `did you mean https://${text}?`),
  },
  /** A key of a Secret's data. */
  secretKey: {
    allowed: 'up to 253 letters, digits, "-", "_" and "."',
    test: (text) => /^[-._A-Za-z0-9]{1,253}$/.test(text) && text !== '.' && !text.startsWith('..'),
  },
  /** What the keys of one cluster in an etcd begin with. */
  keyPrefix: {
    allowed: 'a path such as /sublet/team-a, of letters, digits, "-", "_" and "." between slashes',
    test: (text) => /^(\/[-._A-Za-z0-9]+)+$/.test(text),
    hint: (text) => (/^[-._A-Za-z0-9]+$/.test(text) ? `did you mean /${text}?` : undefined),
  },
  labelKey: {
    allowed: 'a label key such as example.com/pool',
    test: (text) => {
      const [name = '', prefix, ...more] = text.split('/').reverse();
      return (
        more.length === 0 && name.length <= 63 && NAME_PART.test(name) && (prefix === undefined || isDomain(prefix))
      );
    },
  },
  /** Keys of labels, annotations or taints, one or many. */
  keyPattern: {
    allowed: 'a key such as example.com/pool, all keys of a prefix as example.com/*, or all keys as *',
    test: (text) => text === '*' || isKeyOf(text),
  },
  /** {@link RULES.keyPattern} for what a tenant may set on the host, whose own components use the two domains. */
  ownKeyPattern: {
    allowed:
      'a key with a prefix such as example.com/pool, or example.com/* for all of them; not of kubernetes.io or k8s.io',
    test: (text) => isKeyOf(text) && text.includes('/') && !/(^|\.)(kubernetes|k8s)\.io\//.test(text),
  },
  labelValue: {
    allowed: 'up to 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    test: (text) => text === '' || (text.length <= 63 && NAME_PART.test(text)),
  },
  /** Any text of one or more lines. */
  free: { allowed: 'text without control characters', test: (text) => !/[^\P{Cc}\n\t]/u.test(text) },
} as const satisfies Record<string, TextRule>;

/** A label key, or `prefix/*`. */
function isKeyOf(text: string): boolean {
  const [name = '', prefix, ...more] = text.split('/').reverse();
  if (more.length > 0) return false;
  if (prefix !== undefined && !isDomain(prefix)) return false;
  return (name === '*' && prefix !== undefined) || (name.length <= 63 && NAME_PART.test(name));
}

function isQuantity(text: string): boolean {
  return /^(\d+(\.\d+)?|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+)?$/.test(text);
}

function quantityHint(text: string): string | undefined {
  return /^\d+(\.\d+)?\s*[KMGTP]B$/i.test(text) ? 'write Mi or Gi instead of MB or GB' : undefined;
}

function isDomain(text: string): boolean {
  return text.length <= 253 && DOMAIN.test(text);
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const version = isIP(address);
  return more.length === 0 && version !== 0 && /^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** A name made of the text's letters, when that makes one. */
function suggestion(text: string, pattern: RegExp): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .replace(/[^-.a-z0-9]/g, '');
  return name !== text && pattern.test(name) ? `did you mean ${JSON.stringify(name)}?` : undefined;
}
