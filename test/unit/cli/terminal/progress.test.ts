import { Writable } from 'node:stream';
import pc from 'picocolors';
import { createProgress, during } from '../../../../cli/terminal/progress';
import { wantsColor, wantsMovement } from '../../../../cli/terminal/style';

function setUp(moving: boolean, verbose = false) {
  const chunks: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => done(void chunks.push(String(chunk))) });
  let time = 0;
  const pass = (ms: number): void => {
    time += ms;
  };
  const progress = createProgress({ stream, style: pc.createColors(false), moving, verbose, now: () => time });
  return { progress, text: () => chunks.join(''), pass };
}

describe('progress', () => {
  it('is plain lines where nothing can be redrawn', () => {
    const { progress, text, pass } = setUp(false);
    const step = progress.step('Waiting');
    step.update('pulling');
    step.update('pulling');
    progress.note('a note');
    pass(2500);
    step.done('Ready');
    expect(text()).toBe('• Waiting\n  pulling\na note\n✓ Ready (2.5 s)\n');
  });

  it('is a line that becomes a check mark on a terminal', () => {
    const { progress, text } = setUp(true);
    progress.step('Waiting').done();
    expect(text()).toContain('⠋ Waiting');
    expect(text().endsWith('\r\u001b[2K✓ Waiting\n')).toBe(true);
  });

  it('fails the step when its work throws, and passes the error on', async () => {
    const { progress, text } = setUp(false);
    await expect(during(progress, 'Working', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(text()).toBe('• Working\n✗ Working\n');
  });

  it('closes a step that was left open, once', () => {
    const { progress, text } = setUp(false);
    const step = progress.step('Working');
    progress.close();
    step.done();
    expect(text()).toBe('• Working\n✗ Working\n');
  });

  it('keeps details to those who ask for them', () => {
    const quiet = setUp(false);
    quiet.progress.detail('inner');
    expect(quiet.text()).toBe('');
    const verbose = setUp(false, true);
    verbose.progress.detail('inner');
    expect(verbose.text()).toBe('inner\n');
  });
});

describe('style', () => {
  it.each([
    ['a terminal', { isTty: true, env: {} }, true, true],
    ['a pipe', { isTty: false, env: {} }, false, false],
    ['NO_COLOR', { isTty: true, env: { NO_COLOR: '1' } }, false, true],
    ['--no-color', { isTty: true, env: {}, color: false }, false, true],
    ['a CI system', { isTty: true, env: { CI: 'true' } }, true, false],
    ['a dumb terminal', { isTty: true, env: { TERM: 'dumb' } }, false, false],
  ])('%s', (_name, inputs, color, movement) => {
    expect(wantsColor(inputs)).toBe(color);
    expect(wantsMovement(inputs)).toBe(movement);
  });
});
