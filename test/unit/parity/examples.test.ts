import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse, parseAllDocuments } from 'yaml';
import { mockEngine, settled } from '../pulumi/mocks';

const ROOT = join(__dirname, '../../..');
const example = (path: string): string => join(ROOT, 'examples', path);

describe('examples', () => {
  it('quickstart-cdk8s is synthesized to a file of manifests', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'sublet-example-'));
    const log = jest.spyOn(console, 'log').mockImplementation();
    process.env.CDK8S_OUTDIR = outdir;
    try {
      jest.isolateModules(() => require(example('quickstart-cdk8s/main.ts')));
      const manifests = parseAllDocuments(readFileSync(join(outdir, 'team-a.k8s.yaml'), 'utf8'));
      expect(manifests.map((manifest) => manifest.toJS().kind)).toContain('StatefulSet');
      expect(log).toHaveBeenCalledWith('kubeconfig: Secret vc-team-a in namespace vcluster-team-a');
    } finally {
      delete process.env.CDK8S_OUTDIR;
      log.mockRestore();
      rmSync(outdir, { recursive: true });
    }
  });

  it('quickstart-pulumi deploys a virtual cluster, and a namespace into it', async () => {
    const registered = mockEngine(false);
    require(example('quickstart-pulumi/index.ts'));
    await settled();
    expect(registered.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['team-a', 'team-a-control-plane-statefulset', 'team-a-provider', 'shop']),
    );
  });

  it('the project at the root deploys what its stack configuration declares', async () => {
    const project: { main: string; name: string } = parse(readFileSync(join(ROOT, 'Pulumi.yaml'), 'utf8'));
    const registered = mockEngine(false);
    pulumi.runtime.setAllConfig({
      [`${project.name}:name`]: 'team-z',
      [`${project.name}:cluster`]:
        '{"kubernetes":{"version":"1.36"},"store":{"kind":"sqlite","persistence":{"kind":"ephemeral"}}}',
    });
    require(join(ROOT, project.main));
    await settled();
    const statefulSet = registered.find(({ name }) => name === 'team-z-control-plane-statefulset');
    expect(JSON.stringify(statefulSet?.inputs)).toContain('kube-apiserver:v1.36.3');
  });
});
