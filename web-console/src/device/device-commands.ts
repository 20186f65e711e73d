import { signal } from '@preact/signals';
import { type Command, type CommandPage, isOver } from '../hub/api-types';
import { ApiError, part, request } from '../hub/rest';

const PAGE = 20;
/** However many commands go by while the page stands open, memory stays bounded. */
const MOST = 500;

/** A device's commands, newest first: a page of them, more when asked for, and one by its token. */
export class DeviceCommands {
  readonly items = signal<Command[]>([]);
  /** Whether there are older ones than those shown. */
  readonly hasOlder = signal(false);

  private readonly path: string;
  private shown = PAGE;
  /** Shown however old it is: its account is open. */
  private wanted = '';

  constructor(
    private readonly device: string,
    private readonly closing: AbortSignal,
  ) {
    this.path = `/devices/${part(device)}/commands`;
  }

  /** Reads the newest; throws what `ask` throws. */
  async read(): Promise<void> {
    const query = { limit: this.shown };
    const page = await request<CommandPage>(this.path, { query, signal: this.closing });
    this.hasOlder.value = page.next !== null;
    page.items.forEach((command) => {
      this.meet(command);
    });
    await this.want(this.wanted);
  }

  async readOlder(): Promise<void> {
    this.shown = Math.min(MOST, this.shown + PAGE);
    await this.read();
  }

  /** Sees to it that this command is among those shown; a token that is not this device's is passed over. */
  async want(id: string): Promise<void> {
    this.wanted = id;
    if (id && !this.items.value.some((command) => command.id === id)) {
      try {
        this.meet(await request<Command>(`/commands/${part(id)}`, { signal: this.closing }));
      } catch (fault) {
        if (!(fault instanceof ApiError)) {
          throw fault;
        }
      }
    }
  }

  /** Takes a command's newest account; one that tells less than is known is an older one. */
  meet(command: Command): void {
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

  /** @throws ApiError, Unreachable */
  async send(name: string, params: unknown, ttl: number): Promise<Command> {
    const wish = {
      method: 'POST',
      body: { name, params, ttl },
      headers: { 'Idempotency-Key': crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` },
    };
    const command = await request<Command>(this.path, wish);
    this.meet(command);
    return command;
  }

  /** @throws ApiError, Unreachable */
  async cancel(id: string): Promise<void> {
    const command = await request<Command | undefined>(`/commands/${part(id)}`, { method: 'DELETE' });
    this.meet(command ?? (await request<Command>(`/commands/${part(id)}`)));
  }
}
