import { signal } from '@preact/signals';
import { ApiError, part, requestTagged } from '../hub/rest';
import { Definition, UNKNOWN } from './definition';
import type { DeviceDescription, DeviceType } from './device-type';

type Document = DeviceType | DeviceDescription;

interface Entry {
  definition: Definition;
  /** As the hub answered it; null until it has, and if there is none. */
  document: Document | null;
  etag: string;
  /** Whether the hub has said that it does not exist, or that it says nothing. */
  isMissing: boolean;
  /** Whether it may have changed since it was fetched. */
  isStale: boolean;
  loading: Promise<void> | null;
}

/** A device and its type, as far as they are known. */
export interface TypedDevice {
  id?: string;
  type?: string;
}

/** Pause after a request that the hub did not answer, or could not. */
const RETRY_MS = 5_000;
/** Maximum number of stored descriptions, to bound the memory of a page. */
const MOST_DESCRIPTIONS = 200;
const TYPES = '/types/';
const DEVICES = '/devices/';

/**
 * Definitions of device types and descriptions of devices, fetched when first used and kept by
 * ETag. After a change they are fetched anew by their next use. Until one has arrived its devices
 * are shown like those of an unknown type.
 */
export class DefinitionStore {
  /** Increments when a definition has changed. */
  readonly version = signal(0);
  /** Increments when some may have changed: what is on the screen must ask for them again. */
  readonly staleness = signal(0);
  private readonly entries = new Map<string, Entry>();
  /** The device whose description stands for each type that is not defined. */
  private readonly examples = new Map<string, string>();

  /** The definition of a type; fetches it if it is not known yet. */
  of(type: string | undefined): Definition {
    return type ? this.use(pathOfType(type)).definition : UNKNOWN;
  }

  /**
   * What is known about a device of a list, without a request for each: the definition of its type,
   * else the description of the first device seen of its type.
   */
  ofListed({ id, type }: TypedDevice): Definition {
    if (!type) {
      return UNKNOWN;
    }
    const entry = this.use(pathOfType(type));
    const example = entry.isMissing ? (this.examples.get(type) ?? id) : undefined;
    if (example === undefined) {
      return entry.definition;
    }
    this.examples.set(type, example);
    return this.use(pathOfDescription(example)).definition;
  }

  /**
   * What is known about one device: its type completed by its own description, once it was fetched
   * with {@link describe}; else the same as in a list.
   */
  ofDevice(device: TypedDevice): Definition {
    const own = this.described(device.id);
    return own?.document && !own.isMissing ? own.definition : this.ofListed(device);
  }

  /** What holds for a device, as the hub says it; null until it was fetched with {@link describe}. */
  description(id: string): DeviceDescription | null {
    return (this.described(id)?.document ?? null) as DeviceDescription | null;
  }

  /** Fetches the description of one device, or whether it has changed. Does not wait for long. */
  async describe(id: string, withinMs = 1_000): Promise<void> {
    const path = pathOfDescription(id);
    this.entryOf(path).isStale = true;
    this.forgetOldest();
    await within([this.use(path).loading], withinMs);
  }

  private forgetOldest(): void {
    const [oldest, ...others] = [...this.entries.keys()].filter((path) => path.startsWith(DEVICES));
    if (oldest !== undefined && others.length >= MOST_DESCRIPTIONS) {
      this.entries.delete(oldest);
    }
  }

  /** Whether neither the type nor the device says anything; false until the hub has answered. */
  isUndescribed({ id, type }: TypedDevice): boolean {
    const own = this.described(id);
    return (!own || own.isMissing) && (!type || this.use(pathOfType(type)).isMissing);
  }

  /** Waits for the definitions of these types, but not for long: they are not worth an empty screen. */
  async ready(types: Iterable<string | undefined>, withinMs = 1_000): Promise<void> {
    const named = [...new Set(types)].filter((type) => type !== undefined && type !== '') as string[];
    await within(
      named.map((type) => this.use(pathOfType(type)).loading),
      withinMs,
    );
  }

  /** Checks at their next use whether definitions have changed; a 304 each if not. */
  refresh(): void {
    this.outdate(() => true);
  }

  /** A type has changed, and with it what holds for its devices. */
  typeChanged(type: string): void {
    const isOfType = ({ document, loading }: Entry) =>
      loading !== null || (document !== null && 'type' in document && document.type === type);
    this.outdate((path, entry) => path === pathOfType(type) || (path.startsWith(DEVICES) && isOfType(entry)));
  }

  /** A device has described itself. */
  descriptionChanged(device: string): void {
    this.outdate((path) => path === pathOfDescription(device));
  }

  /** Fetches a definition anew, for example after it was saved here. */
  async reload(type: string): Promise<void> {
    this.typeChanged(type);
    await this.use(pathOfType(type)).loading;
  }

  /** Forgets everything, for example because another user has signed in. */
  clear(): void {
    this.entries.clear();
    this.examples.clear();
    this.version.value++;
  }

  private outdate(isMeant: (path: string, entry: Entry) => boolean): void {
    let isAny = false;
    for (const [path, entry] of this.entries) {
      if (isMeant(path, entry)) {
        entry.isStale = true;
        isAny = true;
      }
    }
    if (isAny) {
      this.staleness.value++;
    }
  }

  private described(id: string | undefined): Entry | null {
    const path = id === undefined ? '' : pathOfDescription(id);
    return this.entries.has(path) ? this.use(path) : null;
  }

  private use(path: string): Entry {
    const entry = this.entryOf(path);
    if (entry.isStale) {
      entry.loading ??= this.fetch(path, entry).finally(() => {
        entry.loading = null;
      });
    }
    return entry;
  }

  private entryOf(path: string): Entry {
    let entry = this.entries.get(path);
    if (!entry) {
      entry = {
        definition: UNKNOWN,
        document: null,
        etag: '',
        isMissing: false,
        isStale: true,
        loading: null,
      };
      this.entries.set(path, entry);
    }
    return entry;
  }

  private async fetch(path: string, entry: Entry): Promise<void> {
    // An answer that was under way during a change may be older than it.
    while (entry.isStale) {
      entry.isStale = false;
      try {
        const answer = await requestTagged<Document>(path, {}, entry.etag);
        if (answer) {
          this.put(entry, answer.body, answer.etag);
        }
      } catch (fault) {
        this.failed(path, entry, fault);
      }
    }
  }

  /** Any failure but a 404 leaves the known definition in place. */
  private failed(path: string, entry: Entry, fault: unknown): void {
    if (!(fault instanceof ApiError) || fault.status >= 500) {
      setTimeout(() => this.outdate((one) => one === path), RETRY_MS);
    } else if (fault.status === 404 && !entry.isMissing) {
      this.put(entry, null, '');
    }
  }

  private put(entry: Entry, document: Document | null, etag: string): void {
    entry.document = document;
    entry.isMissing = document === null || ('device' in document && isEmpty(document));
    entry.definition = document === null || entry.isMissing ? UNKNOWN : new Definition(document);
    entry.etag = etag;
    this.version.value++;
  }
}

function pathOfType(type: string): string {
  return `${TYPES}${part(type)}`;
}

function pathOfDescription(device: string): string {
  return `${DEVICES}${part(device)}/description`;
}

/** Whether neither a type nor the device says anything that the console shows. */
function isEmpty({ metrics = {}, commands = {}, twin = {} }: DeviceType): boolean {
  return [metrics, commands, twin].every((section) => Object.keys(section).length === 0);
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
