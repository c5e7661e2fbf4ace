// The audit trail: who did what, when, and what came of it.
import {badge, h, put, putChanged, table} from './dom.js';
import {bytes, count, duration, tail} from './format.js';
import {query} from './api.js';
import {flowLink, runLink, when} from './parts.js';

const KINDS = [['', 'All'], ['batch', 'Batches'], ['run', 'Runs'], ['order', 'Orders'], ['denied', 'Denied'], ['approval', 'Approvals'],
  ['login,lease', 'Logins'], ['policy,route-file', 'Policy and routes'], ['dead-letters,reconcile', 'Repairs'],
  ['ledger,retention,head', 'Trail']];

export function auditPage(page) {
  page.title('Audit');
  const chosen = {kind: page.params.get('kind') || '', flow: page.params.get('flow') || '', run: page.params.get('run') || '', by: page.params.get('by') || ''};
  let older = [];
  let newest = [];
  let next = null;
  const list = h('div', {});
  const more = h('div', {class: 'more', hidden: true});
  const flow = h('select', {'aria-label': 'Flow', 'data-key': 'flow', onchange: () => filter({flow: flow.value})}, h('option', {value: ''}, 'All flows'));
  const by = h('input', {type: 'search', placeholder: 'Ordered by', 'aria-label': 'Ordered by', value: chosen.by, oninput: () => {
    clearTimeout(by.timer);
    by.timer = setTimeout(() => filter({by: by.value.trim()}), 300);
  }});
  const chips = KINDS.map(([kind, name]) => h('button', {type: 'button', class: 'chip', 'aria-pressed': String(kind === chosen.kind),
    onclick: () => filter({kind}), 'data-kind': kind}, name));
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Audit')),
    h('section', {class: 'card'}, h('div', {class: 'filters'}, by, flow, h('div', {class: 'chips', role: 'group', 'aria-label': 'Kind'}, chips)), list, more));

  const filter = (change) => {
    Object.assign(chosen, change);
    chips.forEach((chip) => chip.setAttribute('aria-pressed', String(chip.dataset.kind === chosen.kind)));
    older = [];
    history.replaceState(null, '', '#/audit' + query(chosen));
    page.refresh();
  };
  const draw = () => putChanged(list, [newest, older.length], () => eventTable([...newest, ...older]));
  page.update = async () => {
    const answer = await page.get('/audit' + query({...chosen, limit: 50}));
    newest = answer.events;
    if (older.length === 0) {
      next = answer.next;
    }
    const known = new Set(newest.map((each) => each.event));
    older = older.filter((each) => !known.has(each.event));
    draw();
    more.hidden = next === null;
  };
  put(more, h('button', {type: 'button', onclick: async () => {
    const answer = await page.get('/audit' + query({...chosen, limit: 100, cursor: next}));
    older = [...older, ...answer.events];
    next = answer.next;
    draw();
    more.hidden = next === null;
  }}, 'Show older events'));
  page.get('/flows').then((all) => {
    flow.append(...all.flows.map((each) => h('option', {value: each.flow}, each.flow)));
    flow.value = chosen.flow;
  }, () => {});
}

function eventTable(events) {
  return table('Audit events', [{name: 'Event', tight: true}, {name: 'Time'}, {name: 'Kind'}, {name: 'Outcome', tight: true}, {name: 'Who'}, {name: 'What', grow: true},
    {name: 'Rows', number: true, hide: 's'}, {name: 'Bytes', number: true, hide: 'm'}, {name: 'Took', number: true, hide: 'm'}],
  events.map((each) => ({cells: [
    h('span', {class: 'mono', title: each.hash ? 'hash ' + each.hash : 'from before events had hashes'}, each.event),
    when(each.time),
    each.kind,
    each.outcome ? badge(each.outcome) : '',
    h('span', {title: [each.identitySource, each.role].filter(Boolean).join(', ')}, each.orderedBy || each.clickHouseUser),
    what(each),
    each.rows ? count(each.rows) : '',
    each.bytes ? bytes(each.bytes) : '',
    each.elapsedMillis ? duration(each.elapsedMillis) : '',
  ]})), 'No event like this.');
}

function what(each) {
  if (each.pruned) {
    return h('span', {class: 'soft'}, 'its content was pruned');
  }
  const source = each.location || each.source;
  return [
    each.action ? [each.action, ' '] : null,
    each.flow ? [flowLink(each.flow), ' '] : null,
    each.run ? [runLink(each.run), ' '] : null,
    source ? h('span', {title: source, class: 'soft'}, tail(source)) : null,
    each.reason ? h('div', {}, each.reason) : null,
    each.rule ? h('div', {class: 'soft'}, each.rule) : null,
    each.detail ? h('details', {}, h('summary', {}, 'Details'), h('pre', {class: 'record'}, each.detail)) : null,
  ];
}
