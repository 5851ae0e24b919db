import { parseManifests } from '../../../../cli/explain/documents';

const names = (text: string) =>
  parseManifests('f.yaml', text).map(({ source, object }) => [source, object.metadata.name]);

describe('manifests, read', () => {
  it('are documents of YAML or JSON, and lists in them; each knows where it stands', () => {
    const text = `# a comment
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
- {apiVersion: v1, kind: ConfigMap, metadata: {generateName: c-}}
`;
    expect(names(text)).toEqual([
      [{ file: 'f.yaml', document: 1, line: 3 }, 'a'],
      [{ file: 'f.yaml', document: 3, line: 6, path: 'items[0]' }, 'b'],
      [{ file: 'f.yaml', document: 3, line: 6, path: 'items[1]' }, 'c-<id>'],
    ]);
    expect(names('{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "j"}}')).toEqual([
      [{ file: 'f.yaml', document: 1, line: 1 }, 'j'],
    ]);
    expect(names('')).toEqual([]);
  });

  it.each([
    ['no YAML', 'a: [', 'it is not YAML'],
    ['no object', '- a', 'expected object'],
    ['no kind', '{apiVersion: v1, metadata: {name: a}}', 'kind: '],
    [
      'no name',
      '{apiVersion: v1, kind: Pod, metadata: {}, spec: {containers: [{name: a}]}}',
      'metadata.name: must be set',
    ],
    [
      'a pod without containers',
      '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: []}}',
      'spec.containers: ',
    ],
    [
      'a container without a name',
      '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{image: a}]}}',
      'spec.containers[0].name: ',
    ],
    [
      'a template of a wrong form',
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: web}}}}',
      'spec.template.spec.containers: ',
    ],
    [
      'a label that is a number',
      '{apiVersion: v1, kind: Secret, metadata: {name: a, labels: {a: 1}}}',
      'metadata.labels.a: ',
    ],
    [
      'an Ingress without paths',
      '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {rules: [{http: {}}]}}',
      'spec.rules[0].http.paths: ',
    ],
  ])('are refused with file, document and path where there is %s', (_what, text, expected) => {
    const documents = `{apiVersion: v1, kind: ConfigMap, metadata: {name: first}}\n---\n${text}`;
    expect(() => parseManifests('f.yaml', documents)).toThrow(
      expect.objectContaining({
        code: 'MANIFEST_INVALID',
        message: expect.stringMatching(/^f\.yaml, document 2 \(line 3\): /),
      }),
    );
    expect(() => parseManifests('f.yaml', documents)).toThrow(expected);
  });
});
