// Types of the simulator's devices, as an operator would define them.
const IDENTIFY = { label: 'Identify' };

const number = (title, unit, minimum, maximum, step) => ({
  title,
  type: 'number',
  unit,
  minimum,
  maximum,
  step,
});

const takes = (name, schema) => ({ type: 'object', properties: { [name]: schema }, required: [name] });

export const SIMULATED_TYPES = {
  thermostat: {
    metrics: {
      temperature: { unit: 'Cel' },
      target: { label: 'Target temperature', unit: 'Cel' },
      humidity: { unit: '%' },
    },
    commands: {
      'set-target': {
        label: 'Set target',
        params: takes('celsius', number('Target temperature', 'Cel', 5, 35, 0.5)),
        reportedBy: 'target',
      },
      identify: IDENTIFY,
    },
  },
  pump: {
    metrics: {
      vibration: { unit: 'mm/s' },
      motorTemp: { label: 'Motor temperature', unit: 'Cel' },
      flow: { unit: 'm3/h' },
      pressure: { unit: 'bar' },
      power: { unit: 'kW' },
      speed: { label: 'Shaft speed', unit: 'rpm' },
    },
    commands: {
      'set-speed': {
        label: 'Set speed',
        params: takes('rpm', number('Target speed', 'rpm', 0, 3600, 10)),
        reportedBy: 'speed',
      },
      identify: IDENTIFY,
    },
  },
};
