// What the home is made of: connections with their credentials, and settings.
import {card, h, put, putChanged, table} from './dom.js';
import {when} from './parts.js';
import {duration} from './format.js';

export function connectionsPage(page) {
  page.title('Connections');
  const list = h('div', {});
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Connections')), card('Connections and credentials', list, 'passwords are never shown'));
  page.update = async () => {
    const {connections} = await page.get('/connections');
    putChanged(list, [connections, Math.floor(Date.now() / 30000)], () => table('Connections',
      [{name: 'Name'}, {name: 'Address', grow: true}, {name: 'User'}, {name: 'Credential from', hide: 's'}, {name: 'Good until'}],
      connections.map((each) => ({cells: [h('strong', {}, each.name), h('span', {title: each.url}, each.url), each.user || h('span', {class: 'soft'}, each.trouble),
        each.origin + (each.path ? ' ' + each.path : ''), each.expiresAt ? [when(each.expiresAt), ' (' + left(each.expiresAt) + ')'] : h('span', {class: 'soft'}, 'no end')]})), 'None.'));
  };
}

function left(until) {
  const millis = Date.parse(until) - Date.now();
  return millis < 0 ? 'over' : 'in ' + duration(millis);
}

export function configurationPage(page) {
  page.title('Configuration');
  let settings = [];
  const list = h('div', {});
  const search = h('input', {type: 'search', placeholder: 'Key or meaning', 'aria-label': 'Search settings', oninput: () => draw()});
  const only = h('button', {type: 'button', class: 'chip', 'aria-pressed': 'false', onclick: () => {
    only.setAttribute('aria-pressed', String(only.getAttribute('aria-pressed') !== 'true'));
    draw();
  }}, 'Changed only');
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Configuration')),
    h('section', {class: 'card'}, h('div', {class: 'filters'}, search, only), list));
  const draw = () => {
    const text = search.value.toLowerCase();
    const found = settings.filter((each) => (each.changed || only.getAttribute('aria-pressed') !== 'true')
      && (each.key + ' ' + each.description).toLowerCase().includes(text));
    putChanged(list, found, () => table('Settings', [{name: 'Key'}, {name: 'Value'}, {name: 'Default', hide: 'm'}, {name: 'Meaning', grow: true, hide: 's'}],
      found.map((each) => ({cells: [h('code', {}, each.key), each.changed ? h('strong', {}, each.value || 'empty') : each.value || h('span', {class: 'soft'}, '–'),
        each.byDefault || '–', h('span', {class: 'soft', title: each.description}, each.description)]})), 'No such setting.'));
  };
  page.update = async () => {
    settings = (await page.get('/configuration')).settings;
    draw();
  };
}
