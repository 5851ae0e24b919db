import type { StringMap } from '../engine/metadata';

/**
 * The image that the host pulls for one that a tenant names. A rule fits whole parts of the name: `docker.io/team` does
 * not fit `docker.io/teamwork/app`. The longest rule that fits counts; without one the name stays as it is.
 */
export function translatedImage(image: string, rules: StringMap): string {
  const longestFirst = Object.entries(rules).sort(([a], [b]) => b.length - a.length);
  for (const name of [image, fullName(image)]) {
    for (const [from, to] of longestFirst) {
      const rest = name.startsWith(from) ? name.slice(from.length) : undefined;
      if (rest === undefined) continue;
      if (from.endsWith('/')) return `${to.endsWith('/') ? to : `${to}/`}${rest}`;
      if (/^($|[/:@])/.test(rest)) return `${to.replace(/\/$/, '')}${rest}`;
    }
  }
  return image;
}

/** An image's name with the registry that container runtimes add: the first part is one if it has a dot or a port. */
function fullName(image: string): string {
  const slash = image.indexOf('/');
  if (slash === -1) return `docker.io/library/${image}`;
  const first = image.slice(0, slash);
  return first === 'localhost' || /[.:]/.test(first) ? image : `docker.io/${image}`;
}
