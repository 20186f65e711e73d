// Before the first paint, so that nothing flashes: the stored choice, else the system's.
(() => {
  const choice = localStorage.getItem('signalbox.theme');
  const dark = choice ? choice === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
