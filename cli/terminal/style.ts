import pc from 'picocolors';

/** How text is decorated: every function returns its argument unchanged where colour is off. */
export type Style = ReturnType<typeof pc.createColors>;

/** What decides whether a stream gets colour and movement. */
export interface StyleInputs {
  readonly isTty: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** `false` after `--no-color`. @default true */
  readonly color?: boolean;
}

/** Whether colour may be used: a terminal that is not dumb, and neither `--no-color` nor `NO_COLOR` (https://no-color.org). */
export function wantsColor({ isTty, env, color = true }: StyleInputs): boolean {
  if (!color || (env.NO_COLOR ?? '') !== '') return false;
  return isTty && env.TERM !== 'dumb';
}

/** Whether lines may be redrawn: a terminal, and no CI system that would record every frame. */
export function wantsMovement({ isTty, env }: StyleInputs): boolean {
  return isTty && env.TERM !== 'dumb' && (env.CI ?? '') === '';
}

/** The decorations for a stream. */
export function styleFor(inputs: StyleInputs): Style {
  return pc.createColors(wantsColor(inputs));
}
