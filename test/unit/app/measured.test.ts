import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { showsHost } from '../../../syncer/app/measured';
import type { Node } from '../../../syncer/nodes/types';

const marks = { labels: { [LABELS.imported]: 'true' }, annotations: { [ANNOTATIONS.importedUid]: 'u' } };
const node = (name: string, metadata: object = marks): Node => ({ metadata: { name, ...metadata } });

describe('what a host node uses', () => {
  const hostNodes = { get: (name: string) => (name === 'worker-1' ? node(name, {}) : undefined) };

  it.each<[string, Node | undefined, boolean]>([
    ['of one that is shown', node('worker-1'), true],
    ['of one that a node of the tenant’s own is called as', node('worker-1', {}), false],
    ['of one that may not be shown, whatever marks the tenant gives a node of that name', node('hidden'), false],
    ['of none', undefined, false],
  ])('is told %s: %#', (_what, shown, expected) => {
    expect(showsHost(shown, hostNodes)).toBe(expected);
  });

  it('is never told where no host node is shown', () => {
    expect(showsHost(node('worker-1'), undefined)).toBe(false);
  });
});
