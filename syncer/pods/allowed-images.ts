import { denial, isolationOf, quoted } from '../isolation/rules';
import { translatedImage } from './image-translation';
import type { Pod, PodContext, Refusal } from './types';

/** The first image, of any container or volume, that the host would pull from a registry that is not allowed. */
export function refusedImage(v: Pod, ctx: PodContext): Refusal | undefined {
  const registries = isolationOf(ctx)?.images.registries;
  if (registries === undefined) return undefined;
  const { translateImages } = ctx.sections.sync.toHost.pods;
  // The virtual cluster's DNS runs as one of its pods.
  const { dns } = ctx.config;
  const ownImage = dns.mode === 'coredns' ? dns.image : undefined;
  for (const { field, image } of imagesOf(v)) {
    if (image === ownImage || isFrom(registries, translatedImage(image, translateImages))) continue;
    const problem = `images of ${quoted(repositoryOf(image) ?? image)} are not allowed here`;
    return { field, message: denial('images.registries', field, problem) };
  }
  return undefined;
}

/** Whether an image comes from one of the registries, or from below one of the paths, part by part. */
export function isFrom(registries: readonly string[], image: string): boolean {
  const repository = repositoryOf(image);
  if (repository === undefined) return false;
  return registries.some((one) => {
    const allowed = one.replace(/\/$/, '');
    return repository === allowed || repository.startsWith(`${allowed}/`);
  });
}

/**
 * The repository of an image with its registry in full, without tag and digest: `docker.io/library/nginx` for `nginx`.
 * Undefined for what no container runtime takes for an image.
 * Source: the grammar of `github.com/distribution/reference`.
 */
export function repositoryOf(image: string): string | undefined {
  const [, name] = image.length > LONGEST ? [] : (REFERENCE.exec(image) ?? []);
  if (name === undefined) return undefined;
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const hasRegistry = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  const registry = hasRegistry ? first.toLowerCase() : 'docker.io';
  const path = hasRegistry ? name.slice(slash + 1) : name;
  if (!PATH.test(path)) return undefined;
  if (registry !== 'docker.io' && registry !== 'index.docker.io') return `${registry}/${path}`;
  return `docker.io/${path.includes('/') ? path : `library/${path}`}`;
}

const REFERENCE =
  /^([\w.-]+(?::\d+(?=\/))?(?:\/[\w.-]+)*?)(?::[\w][\w.-]{0,127})?(?:@[a-z0-9+._-]+:[0-9a-fA-F]{32,})?$/;
/** Longer than a registry's name, a path of 255 characters, a tag and a digest together. */
const LONGEST = 1024;

const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${PART}(?:/${PART})*$`);

function* imagesOf({ spec }: Pod): Generator<{ readonly field: string; readonly image: string }> {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  for (const [kind, list] of Object.entries({ initContainers, containers, ephemeralContainers })) {
    for (const [index, { image }] of list.entries()) {
      if (image) yield { field: `spec.${kind}[${index}].image`, image };
    }
  }
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const reference = 'image' in volume ? referenceIn(volume.image) : undefined;
    if (reference) yield { field: `spec.volumes[${index}].image.reference`, image: reference };
  }
}

function referenceIn(source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null || !('reference' in source)) return undefined;
  return typeof source.reference === 'string' ? source.reference : undefined;
}
