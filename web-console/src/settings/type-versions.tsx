import { useState } from 'preact/hooks';
import { can, hubNow, tick } from '../app/app-state';
import { age, atDayAndTime } from '../app/formats';
import { Fault, Loading } from '../components/placeholders';
import { useVersions } from '../components/use-versions';
import type { StoredType } from '../device-types/device-type';
import { readVersions } from './types-api';

const SHOWN = 8;

interface VersionsProps {
  type: string;
  /** Number of the present version; null if the type is not defined. */
  present: number | null;
  onUse: (version: StoredType) => void;
}

/** Kept versions of a type, newest first, also of a deleted one. */
export function TypeVersions({ type, present, onUse }: VersionsProps) {
  tick.value;
  const { versions, fault, read } = useVersions(type, readVersions);
  const [isAll, setAll] = useState(false);
  if (versions?.length === 0) {
    return null;
  }
  const shown = isAll ? versions : versions?.slice(0, SHOWN);
  return (
    <section class="card" aria-label="Versions">
      <header>
        <h2>Versions</h2>
      </header>
      {fault !== null && <Fault what="Failed to load the versions" fault={fault} retry={read} />}
      {versions === null && fault === null && <Loading rows={2} />}
      <ol class="versions">
        {shown?.map((version) => (
          <li key={version.version}>
            <span class="num">
              <b>Version {version.version}</b>
              <span class="mute" title={atDayAndTime(version.changed)}>
                {' '}
                {age(hubNow() - version.changed)} ago by {version.by}
                {version.deleted && ', deleted'}
              </span>
            </span>
            {version.version === present ? (
              <span class="mute">present</span>
            ) : (
              !version.deleted &&
              can('devices:write') && (
                <button type="button" class="btn sm" onClick={() => onUse(version)}>
                  Use<span class="vh"> version {version.version}</span>
                </button>
              )
            )}
          </li>
        ))}
      </ol>
      {!isAll && versions && versions.length > SHOWN && (
        <div class="more">
          <button type="button" class="btn sm" onClick={() => setAll(true)}>
            Show all {versions.length}
          </button>
        </div>
      )}
    </section>
  );
}
