/** Fields that make an upgrade. Everything else stays here: credentials, identities, hop-by-hop fields, cookies, … */
const PASSED = new Map(
  [
    'Upgrade',
    'X-Stream-Protocol-Version',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Version',
    'Sec-WebSocket-Protocol',
    'Sec-WebSocket-Extensions',
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * The header fields of a request to upgrade that go on to the host's API server, from Node's `rawHeaders`. Fields that
 * came several times stay several. Subprotocols that carry a bearer token are taken out: the syncer's own identity is
 * the only one that may reach the host.
 */
export function upgradeHeaders(raw: readonly string[]): Record<string, string[]> {
  // Without `accept`, servers that negotiate a representation would refuse what has none.
  const fields: Record<string, string[]> = { Connection: ['Upgrade'], accept: ['*/*'] };
  for (const [lower, value] of pairs(raw)) {
    const name = PASSED.get(lower);
    if (name === undefined) continue;
    const passed = lower === 'sec-websocket-protocol' ? withoutTokens(value) : value;
    if (passed !== '') fields[name] = [...(fields[name] ?? []), passed];
  }
  return fields;
}

/** Hop-by-hop fields besides the two that are the upgrade itself, and what would name the host's server. */
const DROPPED = new Set([
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
  'audit-id',
  'set-cookie',
  'strict-transport-security',
]);

/** The header fields of the host's 101 that go back to the client, as lines. */
export function switchingLines(raw: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const [lower, value, name] of pairs(raw)) {
    if (!DROPPED.has(lower) && !lower.startsWith('x-kubernetes-')) lines.push(`${name}: ${value}`);
  }
  return lines;
}

function* pairs(raw: readonly string[]): Iterable<readonly [lower: string, value: string, name: string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    yield [name.toLowerCase(), raw[index + 1] ?? '', name];
  }
}

/** kube-apiserver takes a token from a subprotocol `base64url.bearer.authorization.k8s.io.<token>`. */
function withoutTokens(value: string): string {
  return value
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => !protocol.toLowerCase().includes('.authorization.'))
    .join(', ');
}
