import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { binaryPath } from '../binaries/cache';
import { ensureBinaries } from '../binaries/ensure';
import { moduleSource } from '../binaries/go-modules';
import { agnhostTool, nonewprivsTool, sampleApiServerTool, TOOLS } from '../binaries/tools';
import { NEWEST_KUBERNETES } from '../binaries/versions';
import { runChecked } from '../process/command';
import type { StepReporter } from '../steps';
import { directoryEntries, ensureDebianRoot } from './debian-root';
import type { ImageSpec } from './layout';
import { baseEntries, program, type RootfsEntry } from './rootfs';

const REGISTRY = 'registry.k8s.io/e2e-test-images';

/**
 * The images that Kubernetes' conformance specs name, by tag, as its test/utils/image/manifest.go lists them. Not all: an
 * image for a single spec that cannot be made from Debian's packages and cached binaries is left out.
 */
const TAGS = {
  agnhost: ['2.66.1', '2.55'],
  busybox: ['1.37.0-2', '1.36.1-1'],
  nginx: ['1.28.0-2', '1.27.0-2'],
} as const;

/** What the specs run in containers: name resolution, connections, and the shell tools of Alpine. */
const TOOL_PACKAGES = [
  'bind9-dnsutils',
  'busybox',
  'ca-certificates',
  'curl',
  'iproute2',
  'netcat-openbsd',
  'procps',
  'socat',
];

/** Debian's other shells drop variables whose names they could not write, such as `data-1`. */
const BASH: RootfsEntry = { kind: 'symlink', path: 'usr/bin/sh', target: 'bash' };

/** Serves one page at port 80 in the foreground. */
const NGINX_CONFIGURATION =
  'daemon off;\nevents {}\nhttp { server { listen 80; root /usr/share/nginx/html; access_log /dev/stdout; } }\n';

/**
 * The images for Kubernetes' conformance specs, made from Debian and the cached binaries under upstream's names.
 * @throws SubletError `HOST_SETUP` without a Debian mirror; `INTERRUPTED`
 */
export async function e2eImages(steps: StepReporter, signal?: AbortSignal): Promise<readonly ImageSpec[]> {
  const toolRoot = await ensureDebianRoot({ name: 'e2e-tools', packages: TOOL_PACKAGES }, steps, signal);
  const nginxRoot = await ensureDebianRoot({ name: 'e2e-nginx', packages: ['curl', 'nginx-light'] }, steps, signal);
  const tools = [...(await directoryEntries(toolRoot)), ...(await busyboxLinks(toolRoot))];
  const nginx = [...(await directoryEntries(nginxRoot)), ...nginxFiles()];
  const source = await moduleSource(`k8s.io/kubernetes@v${NEWEST_KUBERNETES}`, signal);
  const images = join(source, 'test/images');
  const agnhost = await agnhostEntries(toolRoot, images);
  await ensureBinaries([nonewprivsTool(), sampleApiServerTool()], steps, signal);
  return [
    ...TAGS.agnhost.map((tag) =>
      image(`agnhost:${tag}`, [tools, agnhost], { entrypoint: ['/agnhost'], command: ['pause'] }),
    ),
    ...TAGS.busybox.map((tag) => image(`busybox:${tag}`, [tools, [BASH]], { command: ['sh'] })),
    ...TAGS.nginx.map((tag) => image(`nginx:${tag}`, [nginx], { entrypoint: ['nginx'] })),
    image('glibc-dns-testing:2.1.1', [tools], { command: ['sleep', '36000'] }),
    ...['kitten', 'nautilus'].map((name) =>
      image(`${name}:1.8`, [[...baseEntries(), ...pictureEntries(images, name)]], {
        entrypoint: ['/agnhost'],
        command: ['test-webserver'],
      }),
    ),
    image('nonewprivs:1.4', [[...baseEntries(), ...nonewprivsEntries()]], { command: ['nnp'] }),
    image('sample-apiserver:1.29.2', [[...baseEntries(), ...sampleApiServerEntries()]], {
      entrypoint: ['/kube-sample-apiserver'],
    }),
    {
      reference: 'registry.k8s.io/etcd:3.7.0-0',
      layers: [[...baseEntries(), program('usr/local/bin/etcd', binaryPath(TOOLS.etcd, 'etcd'))]],
    },
  ];
}

function image(
  name: string,
  layers: ImageSpec['layers'],
  options: Pick<ImageSpec, 'entrypoint' | 'command'>,
): ImageSpec {
  return { reference: `${REGISTRY}/${name}`, layers, ...options };
}

/** As the Dockerfile of upstream's image: a second name, a certificate, CoreDNS, and a user with a group of its own. */
async function agnhostEntries(toolRoot: string, images: string): Promise<RootfsEntry[]> {
  const porter = join(images, 'agnhost/porter');
  const read = (file: string): Promise<string> => readFile(join(toolRoot, file), 'utf8');
  const user = 'user-defined-in-image';
  return [
    program('agnhost', binaryPath(agnhostTool(), 'agnhost')),
    { kind: 'symlink', path: 'agnhost-2', target: 'agnhost' },
    program('coredns', binaryPath(TOOLS.coredns, 'coredns')),
    { kind: 'directory', path: 'uploads' },
    { kind: 'file', path: 'localhost.crt', source: join(porter, 'localhost.crt'), mode: 0o644 },
    { kind: 'file', path: 'localhost.key', source: join(porter, 'localhost.key'), mode: 0o644 },
    { kind: 'text', path: 'etc/passwd', content: `${await read('etc/passwd')}${user}:x:1000:1000::/home:/bin/sh\n` },
    { kind: 'text', path: 'etc/group', content: `${await read('etc/group')}group-defined-in-image:x:50000:${user}\n` },
  ];
}

/** Applets of busybox for the programs that Debian's packages do not bring. */
async function busyboxLinks(root: string): Promise<RootfsEntry[]> {
  const applets = (await runChecked(['chroot', root, 'busybox', '--list'])).split('\n');
  const links: RootfsEntry[] = [];
  for (const applet of applets) {
    if (!/^[a-z0-9[]/i.test(applet)) continue;
    const present = await Promise.all(['usr/bin', 'usr/sbin'].map((folder) => exists(join(root, folder, applet))));
    if (!present.some(Boolean)) links.push({ kind: 'symlink', path: `usr/bin/${applet}`, target: 'busybox' });
  }
  return links;
}

/** agnhost as a web server of a picture. */
function pictureEntries(images: string, name: string): RootfsEntry[] {
  const html = join(images, name, 'html');
  return [
    program('agnhost', binaryPath(agnhostTool(), 'agnhost')),
    { kind: 'file', path: `${name}.jpg`, source: join(html, `${name}.jpg`), mode: 0o644 },
    { kind: 'file', path: 'data.json', source: join(html, 'data.json'), mode: 0o644 },
    // A spec that mounts the image looks for what upstream builds it on.
    { kind: 'text', path: 'etc/os-release', content: 'NAME="Alpine Linux"\nID=alpine\n' },
  ];
}

/** Takes its owner's rights, unless the container forbids it. */
function nonewprivsEntries(): RootfsEntry[] {
  const source = binaryPath(nonewprivsTool(), 'nonewprivs');
  return [{ kind: 'file', path: 'usr/local/bin/nnp', source, mode: 0o6755 }];
}

function sampleApiServerEntries(): RootfsEntry[] {
  return [program('kube-sample-apiserver', binaryPath(sampleApiServerTool(), 'kube-sample-apiserver'))];
}

function nginxFiles(): RootfsEntry[] {
  return [
    { kind: 'text', path: 'usr/share/nginx/html/index.html', content: '<h1>Welcome to nginx!</h1>\n' },
    { kind: 'text', path: 'etc/nginx/nginx.conf', content: NGINX_CONFIGURATION },
  ];
}

/** A link counts by itself: an absolute one leads out of the root while it is looked at from outside. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
