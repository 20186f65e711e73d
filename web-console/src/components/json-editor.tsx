import { useRef } from 'preact/hooks';
import type { JsonProblem } from '../device-types/json-text';

interface JsonEditorProps {
  id: string;
  text: string;
  rows: number;
  problems: readonly JsonProblem[];
  isReadOnly?: boolean;
  onText: (text: string) => void;
}

const LINE_PX = 18;

/** Text field for JSON: line numbers, and below it each problem, which leads to its place. */
export function JsonEditor({ id, text, rows, problems, isReadOnly = false, onText }: JsonEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLOListElement>(null);
  const bad = new Set(problems.map((problem) => problem.line));

  function show({ offset, line }: JsonProblem) {
    const element = field.current as HTMLTextAreaElement;
    element.focus();
    element.setSelectionRange(offset, offset);
    element.scrollTop = Math.max(0, (line - 4) * LINE_PX);
  }

  return (
    <>
      <div class="code">
        <ol ref={gutter} aria-hidden="true">
          {text.split('\n').map((_, i) => (
            <li key={i} class={bad.has(i + 1) ? 'bad' : undefined}>
              {i + 1}
            </li>
          ))}
        </ol>
        <textarea
          id={id}
          ref={field}
          class="input"
          rows={rows}
          wrap="off"
          spellcheck={false}
          autocomplete="off"
          readOnly={isReadOnly}
          value={text}
          aria-invalid={problems.length > 0}
          aria-describedby={`${id}-problems`}
          onInput={(event) => onText(event.currentTarget.value)}
          onScroll={(event) => {
            (gutter.current as HTMLOListElement).scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <ul class="problems" id={`${id}-problems`}>
        {problems.map((problem) => (
          <li key={`${problem.offset} ${problem.message}`}>
            <button type="button" class="problem" onClick={() => show(problem)}>
              <span class="num">
                Line {problem.line}, column {problem.column}
              </span>
              <span>{problem.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
