import { kubernetesGoMod } from '../../../host/binaries/go-modules';
import { findChecksum } from '../../../host/binaries/official-release';
import { HELM, PULUMI, PULUMI_YAML, SAMPLE_CONTROLLER, TRAEFIK, VERSITYGW } from '../../../host/binaries/test-tools';
import { agnhostTool, controlPlaneTool, nodeTool, TOOLS, type Tool } from '../../../host/binaries/tools';
import { KUBERNETES_VERSIONS, NEWEST_KUBERNETES, stagingVersion } from '../../../host/binaries/versions';

const sum = 'a'.repeat(64);

describe('Kubernetes versions', () => {
  it('are one a minor, newest first, and the newest is the default', () => {
    const minors = KUBERNETES_VERSIONS.map((version) => Number(version.split('.')[1]));
    expect(minors).toEqual([...minors].sort((a, b) => b - a));
    expect(new Set(minors).size).toBe(minors.length);
    expect(NEWEST_KUBERNETES).toBe(KUBERNETES_VERSIONS[0]);
  });

  it.each([
    ['1.37.2', '0.37.2'],
    ['1.33.13', '0.33.13'],
  ])('%s has staging modules %s', (version, staging) => expect(stagingVersion(version)).toBe(staging));

  it('are built with each staging module of upstream’s go.mod at its published version', () => {
    const upstream =
      'module k8s.io/kubernetes\n\nrequire (\n\tgithub.com/x/y v1.2.3\n\tk8s.io/api v0.0.0\n\tk8s.io/klog/v2 v2.130.1\n)\n';
    const rendered = kubernetesGoMod('1.37.2', upstream);
    expect(rendered).toContain('require k8s.io/kubernetes v1.37.2');
    expect(rendered).toContain('\tk8s.io/api => k8s.io/api v0.37.2');
    expect(rendered).not.toContain('klog');
  });
});

describe('published checksums', () => {
  it.each([
    ['bare', `${sum}\n`],
    ['of sha256sum', `${'b'.repeat(64)}  other.tgz\n${sum}  tool.tgz\n`],
    ['in binary mode', `${sum} *tool.tgz\n`],
    ['with a folder', `${sum}  ./bin/tool.tgz\n`],
  ])('are read when they are %s', (_, content) => expect(findChecksum(content, 'tool.tgz')).toBe(sum));

  it.each([
    ['of another file', `${sum}  other.tgz\n`],
    ['a page of an error', '<html>not found</html>'],
    ['nothing', ''],
  ])('are not made up from %s', (_, content) => expect(findChecksum(content, 'tool.tgz')).toBeUndefined());
});

describe('tools', () => {
  const ofKubernetes = [controlPlaneTool('1.36.3'), nodeTool(), agnhostTool()];
  const ofTests = [HELM, PULUMI, PULUMI_YAML, SAMPLE_CONTROLLER, TRAEFIK, VERSITYGW];
  const tools: readonly Tool[] = [...Object.values(TOOLS), ...ofKubernetes, ...ofTests];

  it.each(tools.map((tool) => [tool.name, tool] as const))('%s: each binary has a Go package', (_, tool) => {
    expect(tool.go.packages).toHaveLength(tool.binaries.length);
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))('%s: releases hold only its own binaries', (_, tool) => {
    for (const release of tool.releases) {
      const held = release.binary === undefined ? Object.keys(release.members ?? {}) : [release.binary];
      expect(held.length).toBeGreaterThan(0);
      for (const binary of held) expect(tool.binaries).toContain(binary);
    }
  });
});
