import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hopeless, until } from './wait.ts';

/** What it takes to run one program of the control plane, or the product. */
export interface ProgramSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** True once it does its work. May throw while it is not. */
  readonly ready: () => Promise<boolean>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * A program that runs as a process group of its own, so that Ctrl-C in a terminal does not reach it before
 * the tests end it in order. Its output goes to `logs/NAME.log`, its pid into `pids/`, where `killLeftovers`
 * finds it if all else fails.
 */
export class Program {
  readonly name: string;
  readonly logFile: string;
  readonly #spec: ProgramSpec;
  readonly #runDir: string;
  #child: ChildProcess | undefined;

  constructor(spec: ProgramSpec, runDir: string) {
    this.name = spec.name;
    this.#spec = spec;
    this.#runDir = runDir;
    this.logFile = join(runDir, 'logs', `${spec.name}.log`);
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  /** Starts it and waits until it is ready. Its log goes on in the same file. */
  async start(): Promise<void> {
    this.spawn();
    await this.waitUntilReady();
  }

  /** Starts it and does not wait. */
  spawn(): void {
    if (this.running) throw new Error(`${this.name} runs already`);
    for (const folder of ['logs', 'pids']) mkdirSync(join(this.#runDir, folder), { recursive: true });
    const log = openSync(this.logFile, 'a');
    const { command, args, env } = this.#spec;
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
    });
    closeSync(log);
    this.#child = child;
    child.on('error', () => {}); // a missing program: `exitCode` stays null, pid is undefined, see below
    const { pid } = child;
    if (pid === undefined) throw new Error(`${this.name} can't be started: is there a program ${command}?`);
    const pidFile = join(this.#runDir, 'pids', String(pid));
    writeFileSync(pidFile, this.name);
    child.once('exit', () => rmSync(pidFile, { force: true }));
  }

  async waitUntilReady(timeoutMs = START_TIMEOUT_MS): Promise<void> {
    const check = async () => {
      if (!this.running) throw new Hopeless(`${this.name} ended while starting:\n${this.logTail()}`);
      return (await this.#spec.ready()) ? true : undefined;
    };
    try {
      await until(`${this.name} to be ready`, check, { timeoutMs, intervalMs: 50 });
    } catch (error) {
      if (error instanceof Hopeless || !(error instanceof Error)) throw error;
      throw new Error(`${error.message}\n${this.logTail()}`, { cause: error });
    }
  }

  /** Ends it as Kubernetes would: SIGTERM, and SIGKILL when that takes too long. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.signal('SIGTERM');
    if (!(await this.#ended(STOP_TIMEOUT_MS))) await this.kill();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.signal('SIGKILL');
    if (!(await this.#ended(STOP_TIMEOUT_MS))) throw new Error(`${this.name} survived SIGKILL`);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** To the whole group. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  /** The end of its log, for error messages. */
  logTail(lines = 15): string {
    const text = readFileSync(this.logFile, 'utf8').trimEnd();
    return `--- ${this.logFile}\n${text.split('\n').slice(-lines).join('\n')}`;
  }

  async #ended(timeoutMs: number): Promise<boolean> {
    const child = this.#child;
    if (child === undefined || !this.running) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}

/**
 * Kills what a run left behind, by the pids it noted. A pid may have been given to another process since:
 * one is killed only when its command line names the folder of that run.
 */
export function killLeftovers(runDir: string): readonly string[] {
  const killed: string[] = [];
  for (const pid of listOrNothing(join(runDir, 'pids'))) {
    try {
      const name = readFileSync(join(runDir, 'pids', pid), 'utf8');
      if (!commandLine(pid).includes(runDir)) continue;
      process.kill(-Number(pid), 'SIGKILL');
      killed.push(`${name} (${pid})`);
    } catch {
      // It has ended meanwhile.
    }
  }
  return killed;
}

function commandLine(pid: string): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

function listOrNothing(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
