import { signal } from '@preact/signals';
import { type Command, type CommandPage, isOver } from '../hub/api-types';
import { ApiError, part, request } from '../hub/rest';

const PAGE = 20;
/** Maximum number of stored commands, to bound the memory of a page. */
const MOST = 500;

/** Commands of a device, newest first, loaded by page, plus one selected by id. */
export class DeviceCommands {
  readonly items = signal<Command[]>([]);
  /** Whether older commands can be loaded. */
  readonly hasOlder = signal(false);

  private readonly path: string;
  private shown = PAGE;
  /** What places held before commands that were sent here. */
  private readonly before = signal<ReadonlyMap<string, ReadonlyMap<string, unknown>>>(new Map());
  /** The selected command, kept regardless of its age. */
  private wanted = '';

  constructor(
    private readonly device: string,
    private readonly closing: AbortSignal,
  ) {
    this.path = `/devices/${part(device)}/commands`;
  }

  /** Loads the newest page; throws the errors of `request`. */
  async read(): Promise<void> {
    const query = { limit: this.shown };
    const page = await request<CommandPage>(this.path, { query, signal: this.closing });
    this.hasOlder.value = page.next !== null;
    page.items.forEach((command) => {
      this.store(command);
    });
    await this.want(this.wanted);
  }

  async readOlder(): Promise<void> {
    this.shown = Math.min(MOST, this.shown + PAGE);
    await this.read();
  }

  /** Loads the selected command; ignores an id of another device. */
  async want(id: string): Promise<void> {
    this.wanted = id;
    if (id && !this.items.value.some((command) => command.id === id)) {
      try {
        this.store(await request<Command>(`/commands/${part(id)}`, { signal: this.closing }));
      } catch (fault) {
        if (!(fault instanceof ApiError)) {
          throw fault;
        }
      }
    }
  }

  /** Stores a command's record unless it is older than the known one. */
  store(command: Command): void {
    const known = this.items.value.find((one) => one.id === command.id);
    const older = known && (isOver(known) || known.timeline.length > command.timeline.length);
    if (older || command.device !== this.device) {
      return;
    }
    const others = this.items.value.filter((one) => one.id !== command.id);
    const newest = [command, ...others].sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
    this.hasOlder.value ||= newest.length > this.shown;
    this.items.value = newest.filter((one, place) => place < this.shown || one.id === this.wanted);
  }

  /**
   * @param ttl in seconds; by default that of the device type, else of the hub
   * @param before values that an undo of the command needs, by place
   * @throws ApiError, NetworkError
   */
  async send(
    name: string,
    params: unknown,
    ttl?: number,
    before?: ReadonlyMap<string, unknown>,
  ): Promise<Command> {
    const options = {
      method: 'POST',
      body: { name, params, ttl },
      headers: { 'Idempotency-Key': crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` },
    };
    const command = await request<Command>(this.path, options);
    if (before) {
      const all = [...this.before.value, [command.id, before] as const];
      this.before.value = new Map(all.slice(-MOST));
    }
    this.store(command);
    return command;
  }

  /** What a place held before a command was sent from here; undefined if it was not. */
  valueBefore(id: string, place: string): unknown {
    return this.before.value.get(id)?.get(place);
  }

  /** @throws ApiError, NetworkError */
  async cancel(id: string): Promise<void> {
    const command = await request<Command | undefined>(`/commands/${part(id)}`, { method: 'DELETE' });
    this.store(command ?? (await request<Command>(`/commands/${part(id)}`)));
  }
}
