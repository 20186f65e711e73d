import { Confirm } from '../components/confirm';
import { paramsText } from '../device/command-lifecycle';
import type { KnownCommand } from '../device-types/definition';
import type { Device } from '../hub/api-types';

interface RiskQuestionProps {
  command: KnownCommand;
  device: Device;
  params: unknown;
  onAnswer: (isConfirmed: boolean) => void;
}

/** Question before a command that disturbs, or destroys: the latter asks for the name of the device. */
export function RiskQuestion({ command, device, params, onAnswer }: RiskQuestionProps) {
  const isDestructive = command.risk === 'destroys';
  const names = device.name ? [device.name, device.id] : [device.id];
  const text = paramsText(params);
  return (
    <Confirm
      title={`${command.title}: ${names[0]}?`}
      action={`Send ${command.name}`}
      typed={isDestructive ? names : []}
      onAnswer={onAnswer}
    >
      <p>
        {isDestructive
          ? 'This destroys data or settings of the device, or may damage it. It cannot be undone.'
          : 'This disturbs the operation of the device.'}
      </p>
      {command.description && <p class="mute">{command.description}</p>}
      {text && <p class="mono">{text}</p>}
    </Confirm>
  );
}
