import { atDayAndTime } from '../app/formats';
import type { Reason } from '../hub/api-types';

/** Reasons behind a summary, most important first, without those the summary already contains. */
export function Reasons({ reasons, summary }: { reasons: Reason[]; summary: string }) {
  const further = reasons.filter((reason) => !summary.includes(reason.text));
  return (
    <ul class="reasons">
      {further.map((reason) => (
        <li
          key={reason.code}
          data-code={reason.code}
          title={reason.since ? `since ${atDayAndTime(reason.since)}` : undefined}
        >
          {reason.text}
        </li>
      ))}
    </ul>
  );
}
