// The shell: which page is shown, what is live, keys.
import {ask, h, link, put} from './dom.js';
import {get, listen, look, Problem} from './api.js';
import {overview} from './overview.js';
import {flowPage, flowsPage} from './flows.js';
import {runPage, runsPage} from './runs.js';
import {lettersPage} from './letters.js';
import {lineagePage} from './lineage.js';
import {auditPage} from './audit.js';
import {approvalsPage} from './approvals.js';
import {switchesPage} from './switches.js';
import {configurationPage, connectionsPage} from './site.js';
import {comeBack, seesPapers, seesTrail, whenKnown, whoButton} from './who.js';

const SECTIONS = [
  ['', 'Overview', 'o'],
  ['flows', 'Flows', 'f'],
  ['runs', 'Runs', 'r'],
  ['dead-letters', 'Dead letters', 'd'],
  ['lineage', 'Lineage', 'l'],
  ['audit', 'Audit', 'a'],
  ['approvals', 'Approvals', 'p'],
  ['kill-switches', 'Kill switches', 'k'],
  ['connections', 'Connections', 'c'],
  ['configuration', 'Configuration', 's'],
];
const PAPERS = ['approvals', 'kill-switches', 'connections', 'configuration'];
const PAGES = {
  '': overview,
  flows: (page, name) => name ? flowPage(page, name) : flowsPage(page),
  runs: (page, id) => id ? runPage(page, id) : runsPage(page),
  'dead-letters': lettersPage,
  lineage: lineagePage,
  audit: auditPage,
  approvals: approvalsPage,
  'kill-switches': switchesPage,
  connections: connectionsPage,
  configuration: configurationPage,
};
const SLOW = 15000;

/** What is going on, as events told it. */
const live = {runs: new Map(), holds: []};
const main = document.getElementById('main');
let shown = null;

/** A page while it is shown; what it fetches is left when it goes. */
class Page {
  constructor(params) {
    this.params = params;
    this.place = h('div', {class: 'stack'});
    this.aborter = new AbortController();
    this.live = live;
    this.update = () => {};
    this.runChanged = () => {};
    this.busy = false;
    this.again = false;
  }

  get(path) {
    return get(path, this.aborter.signal);
  }

  /** Fetches anew, once at a time. */
  async refresh() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      await this.update();
      this.place.querySelector(':scope > .problem')?.remove();
    } catch (e) {
      if (e.name !== 'AbortError') {
        this.fail(e);
      }
    }
    this.busy = false;
    if (this.again && !this.aborter.signal.aborted) {
      this.again = false;
      setTimeout(() => this.refresh(), 500);
    }
  }

  fail(e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    this.place.querySelector(':scope > .problem')?.remove();
    this.place.prepend(h('div', {class: 'notice bad problem', role: 'alert'}, h('div', {class: 'body'},
      h('div', {class: 'title'}, e.problem.title), h('div', {}, e.problem.detail), h('div', {class: 'remedy'}, e.problem.remedy))));
  }

  /** What is shown depends on who looks as well. */
  redraw() {
    this.place.querySelectorAll('*').forEach((each) => {
      delete each.shown;
    });
    this.refresh();
  }

  title(text) {
    document.title = text + ' – Waybill';
  }

  leave() {
    this.aborter.abort();
  }
}

function route() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const [section, ...rest] = path.split('/').map(decodeURIComponent);
  return {section, name: rest.join('/'), params: new URLSearchParams(search)};
}

function show() {
  const {section, name, params} = route();
  const make = PAGES[section] || overview;
  shown?.leave();
  const page = new Page(params);
  shown = page;
  put(main, page.place);
  document.querySelectorAll('#nav a').forEach((each) => {
    if (each.dataset.section === section) {
      each.setAttribute('aria-current', 'page');
      each.scrollIntoView({block: 'nearest', inline: 'nearest'});
    } else {
      each.removeAttribute('aria-current');
    }
  });
  make(page, name);
  page.refresh();
  window.scrollTo(0, 0);
}

function navigation() {
  put(document.getElementById('nav'), SECTIONS.map(([section, text]) =>
    link('#/' + section, [text, h('span', {class: 'pill', id: 'pill-' + section, hidden: true})], {'data-section': section})));
}

function pill(section, n, title) {
  const place = document.getElementById('pill-' + section);
  place.hidden = n === 0;
  place.textContent = n > 999 ? '999+' : n;
  place.title = title;
}

async function counts() {
  try {
    await look();
    const status = await get('/status');
    pill('dead-letters', status.deadLetters, 'dead letters wait');
    pill('flows', status.holds.length, 'flows are held');
    pill('approvals', status.approvals, 'wait for a second person');
    pill('kill-switches', status.killSwitches, 'are on');
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
  }
}

function told(name, data) {
  if (name === 'run') {
    const before = live.runs.get(data.run);
    live.runs.set(data.run, {...data, heard: Date.now()});
    shown?.runChanged(data);
    if (data.state !== 'running' || !before) {
      soon();
    }
    if (data.state !== 'running') {
      setTimeout(() => {
        if (live.runs.get(data.run)?.state !== 'running') {
          live.runs.delete(data.run);
        }
      }, 4000);
    }
  } else if (name === 'holds') {
    const changed = JSON.stringify(live.holds) !== JSON.stringify(data.holds);
    live.holds = data.holds;
    if (changed) {
      soon();
    }
  } else {
    soon();
  }
}

let waiting = 0;

/** Many changes at once are one look. */
function soon() {
  if (!waiting) {
    waiting = setTimeout(() => {
      waiting = 0;
      counts();
      shown?.refresh();
    }, 1500);
  }
}

function connected(yes) {
  const place = document.getElementById('live');
  place.className = 'live ' + (yes ? 'on' : 'lost');
  const text = document.getElementById('live-text');
  if (text.textContent !== (yes ? 'live' : 'no connection')) {
    text.textContent = yes ? 'live' : 'no connection';
    if (yes) {
      live.runs.clear();
      soon();
    }
  }
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  localStorage.setItem('waybill-theme', root.dataset.theme);
}

function help() {
  const keys = [['g then o f r d l a p k c s', 'Overview, flows, runs, dead letters, lineage, audit, approvals, kill switches, connections, configuration'],
    ['/', 'search'], ['j k', 'next and previous row'], ['Enter', 'open it'], ['t', 'light or dark'], ['?', 'this help']];
  ask({title: 'Keyboard', action: 'Close', content: h('div', {class: 'keys'}, keys.map(([key, text]) =>
    [h('span', {}, key.split(' ').map((k) => k === 'then' ? ' then ' : [h('kbd', {}, k), ' '])), h('span', {}, text)]))});
}

/** Focuses the link of the next or previous row. */
function step(by) {
  const links = [...main.querySelectorAll('tr[data-row]')].map((row) => row.querySelector('a, button')).filter(Boolean);
  const at = links.findIndex((each) => each.closest('tr').contains(document.activeElement));
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

let pressed = '';

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, dialog')) {
    return;
  }
  if (pressed === 'g') {
    pressed = '';
    const section = SECTIONS.find((each) => each[2] === event.key);
    if (section) {
      location.hash = '#/' + section[0];
      main.focus();
    }
    return;
  }
  const actions = {
    g: () => { pressed = 'g'; },
    t: toggleTheme,
    '?': help,
    j: () => step(1),
    k: () => step(-1),
    '/': () => {
      event.preventDefault();
      const search = main.querySelector('input[type=search]');
      if (search) {
        search.focus();
      } else {
        location.hash = '#/runs';
      }
    },
  };
  actions[event.key]?.();
}

navigation();
document.getElementById('theme').before(whoButton());
whenKnown(() => {
  PAPERS.forEach((section) => {
    document.querySelector(`#nav a[data-section=${section}]`).hidden = !seesPapers();
  });
  document.querySelector('#nav a[data-section=audit]').hidden = !seesTrail();
  shown?.redraw();
});
comeBack();
window.addEventListener('hashchange', show);
document.addEventListener('keydown', key);
document.getElementById('theme').addEventListener('click', toggleTheme);
document.getElementById('help').addEventListener('click', help);
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
setInterval(() => {
  if (!document.hidden) {
    counts();
    shown?.refresh();
  }
}, SLOW);
show();
counts();
listen(told, connected);
