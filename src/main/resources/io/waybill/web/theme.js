// Before the page is painted, so that it does not flash; a plain script, not a module.
(() => {
  const chosen = localStorage.getItem('waybill-theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
