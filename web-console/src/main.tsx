import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/device.css';
import './styles/screens.css';
import { App } from './app/app';
import { start } from './app/app-state';
import { startRouter } from './app/router';
import { startTheme } from './app/theme';

startTheme();
startRouter();
render(<App />, document.getElementById('app') as HTMLElement);
void start();
