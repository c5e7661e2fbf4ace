// What can be ordered of flows: starting them, now or for past dates, and letting them rest.
import {ask, h} from './dom.js';
import {order} from './api.js';
import {operates, refusal} from './who.js';

export function flowActions(page, flow) {
  const path = '/flows/' + encodeURIComponent(flow.flow);
  const send = async (what, body) => {
    await order(path + what, body);
    page.refresh();
  };
  const may = operates(flow.table);
  const title = refusal(may, flow.table);
  return h('div', {class: 'buttons'},
    h('button', {type: 'button', id: 'start', class: 'primary', disabled: !may, title, onclick: async () => {
      const body = await start(flow);
      if (body) {
        send('/trigger', body);
      }
    }}, 'Start'),
    h('button', {type: 'button', id: 'backfill', disabled: !may, title, onclick: async () => {
      const body = await range(flow);
      if (body) {
        send('/backfill', body);
      }
    }}, 'Backfill'),
    h('button', {type: 'button', id: 'pause', disabled: !may, title, onclick: () => send(flow.pausedBy !== null ? '/resume' : '/pause', {})}, flow.pausedBy !== null ? 'Resume' : 'Pause'));
}

/** Lines NAME=VALUE. */
function parameters(text) {
  return Object.fromEntries(text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  }));
}

function field(label, input) {
  return h('label', {class: 'field'}, h('span', {}, label), input);
}

function start(flow) {
  const given = h('textarea', {class: 'short', spellcheck: 'false', placeholder: 'NAME=VALUE, one a line'});
  return ask({title: 'Start ' + flow.flow, text: 'It starts now, or after the run that is going on.', content: field('Parameters', given),
    action: 'Start', read: () => ({parameters: parameters(given.value)})});
}

function range(flow) {
  const from = h('input', {required: true, placeholder: '2026-01-01', pattern: '\\d{4}-\\d{2}-\\d{2}.*'});
  const to = h('input', {required: true, placeholder: '2026-02-01', pattern: '\\d{4}-\\d{2}-\\d{2}.*'});
  const every = h('input', {value: '1d', required: true});
  const parallel = h('input', {type: 'number', min: 1, max: 50, value: 1});
  const given = h('textarea', {class: 'short', spellcheck: 'false', placeholder: 'NAME=VALUE, one a line'});
  return ask({title: 'Backfill ' + flow.flow, text: 'It starts once for each date of the range.', action: 'Start',
    content: h('div', {class: 'fields'}, field('From', from), field('To, not included', to), field('Every', every), field('At the same time', parallel), field('Parameters', given)),
    read: () => ({from: from.value.trim(), to: to.value.trim(), every: every.value.trim(), parallel: Number(parallel.value), parameters: parameters(given.value)})});
}
