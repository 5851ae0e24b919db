import { KUBERNETES_VERSIONS } from '../../lib/spec';
import { schedulerRule } from './nodes';
import { flags } from './readers';
import { enabled, feature, group, moved, notNeeded, type Rule, unsupported } from './rules';
import { isEmpty, type Path, valueAt } from './tree';

const OTHER =
  'the control plane is upstream Kubernetes, a container for each component; objects can be moved with kubectl';

const component = (name: 'apiServer' | 'controllerManager', program: string): Rule =>
  group({
    enabled: (value, from, draft) => {
      if (value === false) draft.note('unsupported', from, `a control plane always has its ${program}`);
      else draft.note('default', from, `a control plane always has its ${program}`);
    },
    extraArgs: moved(`controlPlane.${name}.extraArgs`, flags),
    command: unsupported(`the program can't be replaced; controlPlane.${name}.extraArgs adds flags`),
    image: unsupported(`name the whole image in images.${name}`),
    imagePullPolicy: moved('images.pullPolicy', (value) => value),
  });

const image = (version: Rule): Rule =>
  group({
    registry: unsupported(
      'components have upstream images of their own: images.registry, images.apiServer …',
      'ghcr.io',
    ),
    repository: unsupported(
      'components have upstream images of their own: images.registry, images.apiServer …',
      'loft-sh/kubernetes',
    ),
    tag: version,
  });

/** `controlPlane.distro`. */
export const distro: Rule = (value, from, draft) => {
  const hasVersion = !isEmpty(valueAt(value, ['k8s', 'version']));
  group({
    k8s: group({
      enabled: (_value, path) => {
        const other = ['k3s', 'k0s', 'eks'].some((name) => enabled(valueAt(value, [name])));
        draft.note('default', path, other ? 'the other distribution says what is used' : 'upstream Kubernetes is used');
      },
      version: kubernetesVersion,
      image: image(hasVersion ? notNeeded('the version is said beside it') : kubernetesVersion),
      imagePullPolicy: moved('images.pullPolicy', (policy) => policy),
      apiServer: component('apiServer', 'kube-apiserver'),
      controllerManager: component('controllerManager', 'kube-controller-manager'),
      scheduler: schedulerRule,
      env: unsupported('variables of components are not set; they are configured by flags: extraArgs'),
      securityContext: notNeeded('the components run without root, with a read-only file system'),
      resources: notNeeded('it is for a container that copies programs, which is not there'),
    }),
    k3s: feature(OTHER),
    k0s: feature(OTHER),
    eks: feature(OTHER),
  })(value, from, draft);
};

/** The version of the virtual cluster, as near to the one asked for as there is. */
function kubernetesVersion(value: unknown, from: Path, draft: Parameters<Rule>[2]): void {
  if (isEmpty(value)) {
    draft.note('default', from, 'is empty: the newest version is used');
    return;
  }
  const [, asked, minor] = /^v?((1\.\d+)(?:\.\d+)?)/.exec(String(value)) ?? [];
  const offered = Object.keys(KUBERNETES_VERSIONS);
  const to = ['kubernetes', 'version'];
  if (minor !== undefined && offered.includes(minor)) {
    const exact = Object.values(KUBERNETES_VERSIONS).find((version) => version === asked);
    draft.set(from, to, exact ?? minor);
    return;
  }
  const number = Number(minor?.slice(2));
  const oldest = offered[0] ?? '';
  if (Number.isNaN(number) || number >= Number(oldest.slice(2))) {
    draft.note('unsupported', from, `can't be chosen; the newest version is used. There are ${offered.join(', ')}`);
    return;
  }
  draft.imply(to, oldest);
  draft.note('unsupported', from, `is too old; the oldest that can be chosen, ${oldest}, is used instead`);
}
