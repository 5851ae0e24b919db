/** The mount points at or below a directory, deepest first, from a `/proc/self/mountinfo`. */
export function mountsBelow(mountinfo: string, directory: string): string[] {
  const points = mountinfo.split('\n').flatMap((line) => {
    const point = line.split(' ')[4];
    return point === undefined ? [] : [decodeOctal(point)];
  });
  return points
    .filter((point) => point === directory || point.startsWith(`${directory}/`))
    .sort((a, b) => b.length - a.length);
}

/** Blanks and the like are written as octal numbers: `\040`. */
function decodeOctal(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
