import { Definition } from '../device-types/definition';
import type { DeviceType, Risk } from '../device-types/device-type';
import { unitText } from '../device-types/units';
import { isObject } from '../twin/merge-patch';

const RISKS: Record<Risk, string> = {
  none: '',
  disturbs: 'asks first',
  destroys: 'asks for the name of the device',
};

/** What a definition says, as operators will see it; empty while it is not JSON. */
export function TypeOutline({ value }: { value: unknown }) {
  if (!isObject(value) || !areObjects(value.metrics) || !areObjects(value.commands)) {
    return null;
  }
  const type = value as DeviceType;
  const definition = new Definition(type);
  const metrics = Object.entries(type.metrics ?? {});
  return (
    <section class="card" aria-label="Outline">
      <header>
        <h2>As operators see it</h2>
      </header>
      <dl class="outline">
        {metrics.map(([name, { unit, kind, interval }]) => (
          <div key={name}>
            <dt>
              {definition.label(name)} <small class="mono mute">{name}</small>
            </dt>
            <dd>
              {[unitText(unit), kind !== 'number' && kind, interval && `every ${interval} s`]
                .filter(Boolean)
                .join(', ')}
            </dd>
          </div>
        ))}
        {definition.commands.map(({ name, title, risk }) => (
          <div key={`command ${name}`}>
            <dt>
              {title} <small class="mono mute">{name}</small>
            </dt>
            <dd>{['command', RISKS[risk ?? 'none']].filter(Boolean).join(', ')}</dd>
          </div>
        ))}
      </dl>
      {metrics.length === 0 && definition.commands.length === 0 && (
        <p class="pad mute">No metrics or commands yet.</p>
      )}
    </section>
  );
}

function areObjects(value: unknown): boolean {
  return value === undefined || (isObject(value) && Object.values(value).every(isObject));
}
