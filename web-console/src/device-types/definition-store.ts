import { signal } from '@preact/signals';
import { ApiError, part, requestTagged } from '../hub/rest';
import { Definition, UNKNOWN } from './definition';
import type { DeviceType } from './device-type';

interface Entry {
  definition: Definition;
  etag: string;
  /** Whether the hub has answered. */
  isLoaded: boolean;
  /** Whether the hub has said that it does not exist. */
  isMissing: boolean;
  /** Whether it was asked for since the last refresh. */
  isUsed: boolean;
  loading: Promise<void> | null;
}

/**
 * Definitions of device types, fetched when first used and kept by ETag. Until one has arrived its
 * devices are shown like those of an unknown type.
 */
export class DefinitionStore {
  /** Increments when a definition has changed. */
  readonly version = signal(0);
  private readonly entries = new Map<string, Entry>();
  /** The device whose description stands for each type that is not defined. */
  private readonly examples = new Map<string, string>();

  /** The definition of a type; fetches it if it is not known yet. */
  of(type: string | undefined): Definition {
    return type ? this.use(pathOfType(type)).definition : UNKNOWN;
  }

  /**
   * What is known about a device: the definition of its type; without one its own description if it
   * was fetched with {@link describe}, else that of the first device seen of its type.
   */
  ofDevice({ id, type }: { id?: string; type?: string }): Definition {
    if (type) {
      const entry = this.use(pathOfType(type));
      if (!entry.isMissing) {
        return entry.definition;
      }
    }
    const own = id === undefined ? undefined : this.entries.get(pathOfDescription(id));
    if (own?.isLoaded && !own.isMissing) {
      own.isUsed = true;
      return own.definition;
    }
    const example = type === undefined ? undefined : (this.examples.get(type) ?? id);
    if (type === undefined || example === undefined) {
      return UNKNOWN;
    }
    this.examples.set(type, example);
    return this.use(pathOfDescription(example)).definition;
  }

  /** Fetches the description of one device, and follows its changes. */
  async describe(id: string, withinMs = 1_000): Promise<void> {
    await within([this.use(pathOfDescription(id)).loading], withinMs);
  }

  /** Whether the hub has no definition of a type; false until it has answered. */
  isMissing(type: string | undefined): boolean {
    return !type || this.entryOf(pathOfType(type)).isMissing;
  }

  /** Waits for the definitions of these types, but not for long: they are not worth an empty screen. */
  async ready(types: Iterable<string | undefined>, withinMs = 1_000): Promise<void> {
    const named = [...new Set(types)].filter((type) => type !== undefined && type !== '') as string[];
    await within(
      named.map((type) => this.entryOf(pathOfType(type)).loading),
      withinMs,
    );
  }

  /** Checks whether the definitions used since the last time have changed; a 304 each if not. */
  async refresh(): Promise<void> {
    for (const [path, entry] of this.entries) {
      if (entry.isUsed) {
        entry.isUsed = false;
        await this.load(path, entry);
      }
    }
  }

  /** Fetches a definition anew, for example after it was saved here. */
  async reload(type: string): Promise<void> {
    const entry = this.entryOf(pathOfType(type));
    await entry.loading;
    await this.load(pathOfType(type), entry);
  }

  /** Forgets everything, for example because another user has signed in. */
  clear(): void {
    this.entries.clear();
    this.examples.clear();
    this.version.value++;
  }

  private use(path: string): Entry {
    const entry = this.entryOf(path);
    entry.isUsed = true;
    return entry;
  }

  private entryOf(path: string): Entry {
    let entry = this.entries.get(path);
    if (!entry) {
      entry = {
        definition: UNKNOWN,
        etag: '',
        isLoaded: false,
        isMissing: false,
        isUsed: true,
        loading: null,
      };
      this.entries.set(path, entry);
      void this.load(path, entry);
    }
    return entry;
  }

  private load(path: string, entry: Entry): Promise<void> {
    entry.loading ??= this.fetch(path, entry).finally(() => {
      entry.loading = null;
    });
    return entry.loading;
  }

  private async fetch(path: string, entry: Entry): Promise<void> {
    try {
      const answer = await requestTagged<DeviceType>(path, {}, entry.etag);
      if (answer) {
        const isNothing = path.startsWith('/devices/') && isEmpty(answer.body);
        this.put(entry, isNothing ? UNKNOWN : new Definition(answer.body), answer.etag);
      }
    } catch (fault) {
      // Any other failure leaves the known definition in place; the next refresh asks again.
      if (fault instanceof ApiError && fault.status === 404 && !entry.isMissing) {
        this.put(entry, UNKNOWN, '');
      }
    }
  }

  private put(entry: Entry, definition: Definition, etag: string): void {
    entry.definition = definition;
    entry.isLoaded = true;
    entry.isMissing = definition === UNKNOWN;
    entry.etag = etag;
    this.version.value++;
  }
}

function pathOfType(type: string): string {
  return `/types/${part(type)}`;
}

function pathOfDescription(device: string): string {
  return `/devices/${part(device)}/description`;
}

/** Whether neither a type nor the device says anything that the console shows. */
function isEmpty({ metrics, commands }: DeviceType): boolean {
  return Object.keys(metrics ?? {}).length + Object.keys(commands ?? {}).length === 0;
}

/** Waits for what is loading, at most for a time. */
async function within(loading: (Promise<void> | null)[], ms: number): Promise<void> {
  if (loading.every((one) => one === null)) {
    return;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.all(loading), limit]);
  clearTimeout(timer);
}
