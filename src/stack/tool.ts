/** Tells an operator what is being done and how far it is, a line at a time. */
export type Report = (line: string) => void;

/** How one download is asked for. */
export interface DownloadRequest {
  /** An empty directory; afterwards it holds the tool's command, and nothing that is not needed to run it. */
  into: string;
  /** An empty directory for what is needed on the way, removed afterwards. */
  scratch: string;
  /** How far it is, for a person. */
  progress: (howFar: string) => void;
  signal?: AbortSignal | undefined;
}

/** One way to fetch or build a tool. */
export interface Download {
  /** For a person, such as `the vendor's download`. */
  name: string;
  /** Its directory in the cache, version included. */
  directory: string;
  fetch(request: DownloadRequest): Promise<void>;
}

/** A program that the stack runs, and where it can come from. */
export interface Tool {
  /** For a person. */
  name: string;
  /** The program's file name, on PATH and in the cache. */
  command: string;
  /** The environment variable that names the binary. */
  setting: string;
  /** Runs it to see that it can run here; gives its version, throws the reason where it is of no use. */
  check(path: string): Promise<string>;
  /** In the order in which they are tried. */
  downloads: readonly Download[];
  /** What to install or set when there is none. */
  advice: string;
}
