// Elements are made here, and text only ever becomes text.
const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'style') {
      for (const [property, text] of Object.entries(value)) {
        element.style.setProperty(property, text);
      }
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
  return element;
}

export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Puts new content into a place, and the focus back where it was. */
export function put(place, ...children) {
  const focused = document.activeElement;
  const key = place.contains(focused) ? focused.dataset.key || focused.getAttribute('href') : null;
  place.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) {
    const again = [...place.querySelectorAll('[data-key], a[href]')].find(
        (each) => (each.dataset.key || each.getAttribute('href')) === key);
    again?.focus({preventScroll: true});
  }
}

/** As put, unless it would show the same. */
export function putChanged(place, data, make) {
  const text = JSON.stringify(data);
  if (place.shown !== text) {
    place.shown = text;
    put(place, make());
  }
}

export function link(href, text, attributes) {
  return h('a', {href, ...attributes}, text);
}

/** A table; cells may be nodes. Columns: {name, number, grow, wrap, hide}; one that is main grows where others are hidden. */
export function table(caption, columns, rows, empty) {
  const head = columns.map((column) =>
    h('th', {scope: 'col', class: classes(column)}, column.name));
  const body = rows.map((row) =>
    h('tr', {class: row.class, 'data-row': ''}, row.cells.map((cell, i) =>
      h('td', {class: classes(columns[i]), 'data-label': columns[i].name}, cell))));
  return h('div', {class: 'table-box', tabindex: rows.length ? '0' : null, role: 'region', 'aria-label': caption},
    h('table', {}, h('caption', {class: 'hidden'}, caption), h('thead', {}, h('tr', {}, head)), h('tbody', {}, body)),
    rows.length === 0 ? h('p', {class: 'empty'}, empty) : null);
}

function classes(column) {
  return [column.number ? 'number' : '', column.grow ? 'grow' : '', column.wrap ? 'wrap' : '', column.main ? 'main-cell' : '', column.hide ? 'hide-' + column.hide : '', column.tight ? 'tight' : '']
    .filter(Boolean).join(' ') || null;
}

const STATES = {
  completed: ['ok', 'completed'],
  completed_with_dead_letters: ['warn', 'dead letters'],
  running: ['run', 'running'],
  failed: ['bad', 'failed'],
  held: ['bad', 'held'],
  cancelled: ['off', 'cancelled'],
  'not loaded': ['off', 'not loaded'],
  paused: ['off', 'paused'],
  committed: ['ok', 'committed'],
  planned: ['run', 'planned'],
  queued: ['run', 'queued'],
  skipped: ['off', 'skipped'],
  missed: ['warn', 'missed'],
  timed_out: ['bad', 'timed out'],
  split: ['warn', 'split'],
  dead: ['bad', 'dead'],
  stored: ['warn', 'waits'],
  replaying: ['run', 'replaying'],
  replayed: ['ok', 'replayed'],
  discarded: ['off', 'discarded'],
  waiting: ['warn', 'waiting'],
  approved: ['ok', 'approved'],
  rejected: ['off', 'rejected'],
  expired: ['off', 'expired'],
  on: ['bad', 'on'],
  off: ['off', 'off'],
};

export function tone(state) {
  return (STATES[state] || ['off'])[0];
}

/** A state, told by a sign, its colour and its name. */
export function badge(state) {
  const [kind, text] = STATES[state] || ['off', state];
  return h('span', {class: 'badge ' + kind}, h('span', {class: 'sign', 'aria-hidden': 'true'}), text);
}

/** The state of a flow: one that runs takes records, and need not be at it. A kill switch is marked beside it. */
export function flowBadge(flow) {
  const signed = (kind, text, title) => h('span', {class: 'badge ' + kind, title}, h('span', {class: 'sign', 'aria-hidden': 'true'}), text);
  return h('span', {class: 'badges'},
    flow.state === 'running' ? signed('ok', 'active') : badge(flow.state),
    flow.killSwitch ? signed('bad', 'kill switch', stopped(flow.killSwitch)) : null);
}

/** What a kill switch stops, in words. */
export function stopped(kill) {
  return `The kill switch of ${kill.kind} ${kill.name} is on`;
}

export function card(title, content, extra) {
  return h('section', {class: 'card'},
    h('div', {class: 'card-head'}, h('h2', {}, title), extra ? h('div', {class: 'card-extra'}, extra) : null), content);
}

export function facts(pairs) {
  return h('dl', {class: 'facts'}, pairs.filter(([, value]) => value !== '' && value !== null && value !== undefined)
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

export function toast(text, kind) {
  const box = h('div', {class: 'toast ' + (kind || '')}, text);
  document.getElementById('toasts').append(box);
  setTimeout(() => box.remove(), 8000);
}

/** Asks in a dialog; the answer is what the form made of it, or null. */
export function ask({title, text, content, action, danger, read}) {
  return new Promise((resolve) => {
    const done = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const dialog = h('dialog', {'aria-label': title, oncancel: (event) => {
      event.preventDefault();
      done(null);
    }}, h('form', {method: 'dialog', onsubmit: (event) => {
      event.preventDefault();
      done(read ? read() : true);
    }}, h('h2', {}, title), text ? h('p', {}, text) : null, content || null,
    h('div', {class: 'buttons'},
      h('button', {type: 'button', onclick: () => done(null)}, 'Cancel'),
      h('button', {type: 'submit', class: danger ? 'danger' : 'primary'}, action))));
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('input, textarea')?.focus();
  });
}
