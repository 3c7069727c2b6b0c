import { SingleBar } from 'cli-progress';

/** A bar for long work. */
export interface Progress {
  /** `total` steps of something, such as `orders`. */
  begin(total: number, what: string): Bar;
}

export interface Bar {
  step(): void;
  end(): void;
}

export const SILENT: Progress = { begin: () => ({ step: () => undefined, end: () => undefined }) };

/** On a terminal, and beside the output, so that a pipe stays clean. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return SILENT;
  return {
    begin(total, what) {
      const bar = new SingleBar({
        format: `{bar} {value}/{total} ${what}, {eta} s left`,
        stream,
        clearOnComplete: true,
      });
      bar.start(total, 0);
      return { step: () => bar.increment(), end: () => bar.stop() };
    },
  };
}
