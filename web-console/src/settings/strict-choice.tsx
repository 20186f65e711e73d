import type { DeviceType } from '../device-types/device-type';
import { inexactIn, isObject } from '../twin/merge-patch';

type Strict = NonNullable<DeviceType['strict']>;

const CHOICES: Record<Strict, { word: string; meaning: string }> = {
  accept: { word: 'Accept', meaning: 'All readings are stored. Nothing is checked.' },
  tag: {
    word: 'Mark',
    meaning: 'Stored and marked with the reason in latest values, events and history.',
  },
  refuse: {
    word: 'Refuse',
    meaning: 'The whole message is refused with the reason, and none of its readings are stored.',
  },
};

interface StrictProps {
  /** The document in the editor. */
  value: unknown;
  onText: (text: string) => void;
}

/** What happens to readings that do not fit; it writes the JSON below it. */
export function StrictChoice({ value, onText }: StrictProps) {
  // A number with more digits than a browser can hold must not be written back.
  if (!isObject(value) || inexactIn(value) !== undefined) {
    return null;
  }
  const chosen = value.strict ?? 'accept';
  return (
    <fieldset class="choices">
      <legend>Readings that do not fit</legend>
      <p class="hint">
        A reading fits if this type or the device describes its metric, and its value is of the metric's kind.
        Ranges are not checked.
      </p>
      {Object.entries(CHOICES).map(([strict, { word, meaning }]) => (
        <label key={strict} for={`strict-${strict}`}>
          <input
            id={`strict-${strict}`}
            type="radio"
            name="strict"
            checked={chosen === strict}
            onChange={() => onText(JSON.stringify({ ...value, strict }, null, 2))}
          />
          <span>
            {word} <small class="mono mute">{strict}</small>
            <span class="hint">{meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
