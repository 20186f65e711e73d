/**
 * Units and command presets of the simulator's device types. Other types have no units and only
 * free-form commands.
 */
export interface NumberParam {
  name: string;
  label: string;
  unit: string;
  min: number;
  max: number;
  step: number;
  /** The metric that reports the parameter's current value. */
  reportedBy: string;
}

export interface CommandPreset {
  name: string;
  label: string;
  param?: NumberParam;
}

interface Model {
  units: Record<string, string>;
  labels: Record<string, string>;
  commands: CommandPreset[];
}

const IDENTIFY: CommandPreset = { name: 'identify', label: 'Identify' };

const MODELS: Record<string, Model> = {
  thermostat: {
    units: { temperature: '°C', target: '°C', humidity: '%' },
    labels: { target: 'Target temperature' },
    commands: [
      {
        name: 'set-target',
        label: 'Set target',
        param: {
          name: 'celsius',
          label: 'Target temperature',
          unit: '°C',
          min: 5,
          max: 35,
          step: 0.5,
          reportedBy: 'target',
        },
      },
      IDENTIFY,
    ],
  },
  pump: {
    units: { speed: 'rpm', flow: 'm³/h', pressure: 'bar', power: 'kW', vibration: 'mm/s', motorTemp: '°C' },
    labels: { motorTemp: 'Motor temperature', speed: 'Shaft speed' },
    commands: [
      {
        name: 'set-speed',
        label: 'Set speed',
        param: {
          name: 'rpm',
          label: 'Target speed',
          unit: 'rpm',
          min: 0,
          max: 3600,
          step: 10,
          reportedBy: 'speed',
        },
      },
      IDENTIFY,
    ],
  },
};

export function unitOf(type: string | undefined, metric: string): string {
  return MODELS[type ?? '']?.units[metric] ?? '';
}

export function labelOf(
  type: string | undefined,
  metric: string,
  otherwise: (metric: string) => string,
): string {
  return MODELS[type ?? '']?.labels[metric] ?? otherwise(metric);
}

export function commandsOf(type: string | undefined): CommandPreset[] {
  return MODELS[type ?? '']?.commands ?? [];
}
