import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { count } from '../app/formats';
import { Icon } from '../components/icons';
import { JsonEditor } from '../components/json-editor';
import { useFrames } from '../device/use-frames';
import { type Draft, draftOf } from '../device-types/draft';
import type { FieldErrors } from '../device-types/field-errors';
import { readJson } from '../device-types/json-text';
import {
  childPointer,
  type Field,
  type ListField,
  type NumberField,
  type Property,
} from '../device-types/schema';
import { withUnit } from '../device-types/units';

interface FieldProps<F extends Field = Field> {
  field: F;
  pointer: string;
  draft: Draft | undefined;
  isRequired: boolean;
  errors: FieldErrors;
  onDraft: (draft: Draft, pointer: string) => void;
  /** The present value of what a top-level parameter sets. */
  reported: (name: string, id: string) => ComponentChildren;
  /** Where a slider stands before it is moved. */
  present: (name: string) => unknown;
}

/** The fields of a schema. */
export function SchemaField(props: FieldProps): ComponentChildren {
  const { field } = props;
  switch (field.kind) {
    case 'group':
      return <GroupFields {...props} properties={field.properties} />;
    case 'list':
      return <ListFields {...props} field={field} />;
    case 'boolean':
      return <BooleanInput {...props} />;
    case 'constant':
      return null;
    default:
      return <LabelledInput {...props} />;
  }
}

function GroupFields(props: FieldProps & { properties: Property[] }) {
  const { field, pointer, draft, properties, onDraft, errors } = props;
  const drafts = typeof draft === 'object' && !Array.isArray(draft) ? draft : {};
  const fields = properties.map(({ name, field: of, isRequired }) => (
    <SchemaField
      {...props}
      key={name}
      field={of}
      pointer={childPointer(pointer, name)}
      draft={drafts[name]}
      isRequired={isRequired}
      onDraft={(value, at) => onDraft({ ...drafts, [name]: value }, at)}
    />
  ));
  if (pointer === '') {
    return fields;
  }
  return (
    <Group field={field} isRequired={props.isRequired}>
      {fields}
      <Errors texts={errors.get(pointer)} />
    </Group>
  );
}

/** A frame with the label and the description of a field that has fields of its own. */
function Group(props: Pick<FieldProps, 'field' | 'isRequired'> & { children: ComponentChildren }) {
  const { field, isRequired, children } = props;
  return (
    <fieldset class="group">
      <legend>
        {field.label}
        <Optional isRequired={isRequired} />
      </legend>
      <Description field={field} />
      {children}
    </fieldset>
  );
}

function ListFields(props: FieldProps<ListField>) {
  const { field, pointer, draft, onDraft, errors } = props;
  const drafts = Array.isArray(draft) ? draft : [];
  const isFull = field.most !== undefined && drafts.length >= field.most;
  return (
    <Group field={field} isRequired={props.isRequired}>
      {drafts.map((one, place) => (
        <div class="item" key={place}>
          <SchemaField
            {...props}
            field={{ ...field.item, label: `${place + 1}` }}
            pointer={childPointer(pointer, place)}
            draft={one}
            isRequired={true}
            onDraft={(value, at) => onDraft(drafts.with(place, value), at)}
          />
          <button
            type="button"
            class="btn sm sq ghost"
            onClick={() => onDraft(drafts.toSpliced(place, 1), pointer)}
          >
            <Icon name="x" />
            <span class="vh">
              Remove {field.label} {place + 1}
            </span>
          </button>
        </div>
      ))}
      <Errors texts={errors.get(pointer)} />
      <button
        type="button"
        class="btn sm"
        disabled={isFull}
        onClick={() => onDraft([...drafts, draftOf(field.item)], pointer)}
      >
        Add {field.label.toLowerCase()}
      </button>
    </Group>
  );
}

function BooleanInput({ field, pointer, draft, isRequired, errors, onDraft, reported }: FieldProps) {
  const id = useId();
  const texts = errors.get(pointer);
  return (
    <div class="fld">
      <label class="check" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={draft === 'true'}
          // Without a default an optional one that nobody has touched is left out.
          indeterminate={draft === '' && !isRequired}
          aria-describedby={`${id}-about`}
          onChange={(event) => onDraft(String(event.currentTarget.checked), pointer)}
        />
        <span>
          {field.label}
          <Optional isRequired={isRequired} />
        </span>
      </label>
      <div id={`${id}-about`}>
        {reported(topName(pointer), `${id}-now`)}
        <Description field={field} />
        <Errors texts={texts} />
      </div>
    </div>
  );
}

function LabelledInput(props: FieldProps) {
  const { field, pointer, isRequired, errors, reported } = props;
  const id = useId();
  // The JSON editor itself says where its text is wrong.
  const texts = errors.get(pointer)?.filter((text) => !text.startsWith('Invalid JSON'));
  return (
    <div class="fld">
      <label for={id}>
        <span>
          {field.label}
          <Optional isRequired={isRequired} />
        </span>
        {field.kind === 'number' && <span class="hint num">{boundsText(field)}</span>}
      </label>
      <Input {...props} id={id} />
      <div id={`${id}-about`}>
        {reported(topName(pointer), `${id}-now`)}
        <Description field={field} />
        <Errors texts={texts} />
      </div>
    </div>
  );
}

function Input(props: FieldProps & { id: string }) {
  const { id, field, pointer, draft, isRequired, errors, onDraft } = props;
  const text = typeof draft === 'string' ? draft : '';
  const common = {
    id,
    value: text,
    'aria-invalid': errors.has(pointer),
    'aria-required': isRequired,
    'aria-describedby': `${id}-about`,
  };
  const onInput = (event: { currentTarget: { value: string } }) =>
    onDraft(event.currentTarget.value, pointer);
  switch (field.kind) {
    case 'number':
      return <NumberInput {...props} field={field} common={common} onInput={onInput} />;
    case 'choice':
      return (
        <select {...common} class="input" onChange={onInput}>
          {(text === '' || !isRequired) && <option value="">{isRequired ? 'Choose …' : 'Not set'}</option>}
          {field.choices.map((choice, place) => (
            <option key={choice.label} value={String(place)}>
              {choice.label}
            </option>
          ))}
        </select>
      );
    case 'text':
      return (field.longest ?? 0) > 200 ? (
        <textarea {...common} class="input" rows={3} onInput={onInput} />
      ) : (
        <input {...common} class="input" type={field.input as 'text'} autocomplete="off" onInput={onInput} />
      );
    default: {
      const { problem } = readJson(text);
      return (
        <JsonEditor
          id={id}
          text={text}
          rows={4}
          problems={text && problem ? [problem] : []}
          onText={(value) => onDraft(value, pointer)}
        />
      );
    }
  }
}

type NumberProps = FieldProps<NumberField> & {
  common: { id: string; value: string };
  onInput: (event: { currentTarget: { value: string } }) => void;
};

/** A number with its unit; with two bounds also a slider, which shows the present value. */
function NumberInput({ field, pointer, draft, present, common, onInput }: NumberProps) {
  const { min, max, unit } = field;
  const step = field.step ?? 'any';
  const now = present(topName(pointer));
  const known = typeof now === 'number' ? now : undefined;
  return (
    <>
      <div class="withunit">
        <input {...common} class="input num" type="number" inputMode="decimal" step="any" onInput={onInput} />
        <span aria-hidden="true">{unit}</span>
      </div>
      {min !== undefined && max !== undefined && min < max && (
        <div class="slide">
          <input
            type="range"
            aria-label={`${field.label}, slider`}
            aria-valuetext={draft === '' ? 'not set' : withUnit(String(draft), unit)}
            data-unset={draft === ''}
            min={min}
            max={max}
            step={step === 'any' ? (max - min) / 100 : step}
            value={draft === '' ? String(known ?? min) : String(draft)}
            onInput={onInput}
          />
          <PresentMark value={() => present(topName(pointer))} min={min} max={max} />
        </div>
      )}
    </>
  );
}

/** Marks the present value on a slider. */
function PresentMark({ value, min, max }: { value: () => unknown; min: number; max: number }) {
  const [, redraw] = useState(0);
  useFrames(1_000, () => redraw((n) => n + 1));
  const now = value();
  return typeof now === 'number' && now >= min && now <= max ? (
    <i class="rep" style={{ '--at': String((now - min) / (max - min)) }} />
  ) : null;
}

function boundsText({ min, max, unit, step }: NumberField): string {
  const stepText = step !== undefined && step !== 1 ? `, step ${step}` : '';
  if (min !== undefined && max !== undefined) {
    return `${withUnit(`${count(min)} to ${count(max)}`, unit)}${stepText}`;
  }
  const one = min !== undefined ? `from ${count(min)}` : max !== undefined ? `up to ${count(max)}` : '';
  return one ? `${withUnit(one, unit)}${stepText}` : unit;
}

function Optional({ isRequired }: { isRequired: boolean }) {
  return isRequired ? null : <span class="hint"> optional</span>;
}

function Description({ field }: { field: Field }) {
  return field.description ? <p class="hint">{field.description}</p> : null;
}

function Errors({ texts = [] }: { texts?: string[] | undefined }) {
  return (
    <>
      {texts.map((text) => (
        <p key={text} class="hint bad">
          {text}
        </p>
      ))}
    </>
  );
}

/** Name of a parameter; empty for a value inside of one. */
function topName(pointer: string): string {
  return pointer.lastIndexOf('/') === 0 ? pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~') : '';
}
