import { ANNOTATIONS } from '../../../lib/contract';
import { toHostPod } from '../../../syncer/pods';
import { hostFieldPath, mapText } from '../../../syncer/pods/downward-api';
import { podContext, translated, virtualPod } from './fixtures';

const fieldEnv = (fieldPath: string) => ({ name: 'F', valueFrom: { fieldRef: { fieldPath } } });

describe('the downward API', () => {
  it.each([
    ['metadata.name', "metadata.annotations['vcluster.loft.sh/object-name']"],
    ['metadata.namespace', "metadata.annotations['vcluster.loft.sh/object-namespace']"],
    ['metadata.uid', "metadata.annotations['vcluster.loft.sh/object-uid']"],
    ['metadata.labels', "metadata.annotations['vcluster.loft.sh/labels']"],
    ['metadata.annotations', "metadata.annotations['sublet.dev/annotations']"],
    ["metadata.labels['app']", "metadata.labels['vcluster.loft.sh/label-my-vcluster-x-a172cedcae']"],
    ['spec.serviceAccountName', "metadata.annotations['vcluster.loft.sh/service-account-name']"],
    ['spec.nodeName', 'spec.nodeName'],
    ['status.podIP', 'status.podIP'],
    ['status.hostIPs', 'status.hostIPs'],
    ['spec.containers', undefined],
  ])('finds %s at %s', (path, expected) => {
    expect(hostFieldPath(path, podContext())).toBe(expected);
  });

  it('carries the one annotation that is asked for, and no other', () => {
    const v = virtualPod({
      metadata: { annotations: { 'a/b': 'shown', hidden: 'h' } },
      spec: { containers: [{ name: 'main', env: [fieldEnv("metadata.annotations['a/b']")] }] },
    });
    const host = translated(v);
    const path = host.spec.containers[0]?.env?.find(({ name }) => name === 'F')?.valueFrom?.fieldRef?.fieldPath ?? '';
    const key = /'(.*)'/.exec(path)?.[1] ?? '';
    expect(host.metadata.annotations?.[key]).toBe('shown');
    expect(Object.values(host.metadata.annotations ?? {})).not.toContain('h');
  });

  it('carries labels and annotations as text for a volume', () => {
    const items = ['labels', 'annotations'].map((path) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } }));
    const v = virtualPod({
      metadata: { labels: { b: '2', a: '1' }, annotations: { note: 'say "hi"\n' } },
      spec: { volumes: [{ name: 'info', downwardAPI: { items } }] },
    });
    const host = translated(v);
    expect(host.metadata.annotations).toMatchObject({
      [ANNOTATIONS.labels]: 'a="1"\nb="2"',
      [ANNOTATIONS.annotations]: 'note="say \\"hi\\"\\n"',
    });
    expect(host.spec.volumes?.[0]?.downwardAPI?.items?.map(({ fieldRef }) => fieldRef?.fieldPath)).toEqual([
      "metadata.annotations['vcluster.loft.sh/labels']",
      "metadata.annotations['sublet.dev/annotations']",
    ]);
  });

  it.each([
    ['tab\tand\\', '"tab\\tand\\\\"'],
    ['bell\u0007 nul\u0000 del\u007f', '"bell\\a nul\\x00 del\\x7f"'],
    ['é 日本 🚀', '"é 日本 🚀"'],
    ['zero\u200bwidth', '"zero\\u200bwidth"'],
    ['tag\u{e0001}', '"tag\\U000e0001"'],
  ])('quotes %j as Go does', (value, expected) => {
    expect(mapText({ k: value })).toBe(`k=${expected}`);
  });

  it('refuses a path that it does not have, naming the field', () => {
    const v = virtualPod({ spec: { containers: [{ name: 'main', env: [fieldEnv('spec.secretStuff')] }] } });
    expect(toHostPod(v, podContext())).toMatchObject({
      kind: 'refused',
      field: 'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath',
    });
  });
});
