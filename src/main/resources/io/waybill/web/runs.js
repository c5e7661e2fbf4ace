// The list of runs, and one run as it goes on.
import {ask, badge, card, facts, h, link, put, putChanged, table} from './dom.js';
import {bytes, count, duration} from './format.js';
import {timeline} from './charts.js';
import {order, query} from './api.js';
import {operates, refusal} from './who.js';
import {flowLink, notice, progress, runTable, took, when} from './parts.js';

const FILTERS = [['', 'All'], ['running', 'Running'], ['failed', 'Failed'], ['held', 'Held'],
  ['completed_with_dead_letters', 'Dead letters'], ['completed', 'Completed']];

export function runsPage(page) {
  page.title('Runs');
  const chosen = {state: page.params.get('state') || '', flow: page.params.get('flow') || '', text: page.params.get('text') || ''};
  let older = [];
  let next = null;
  const list = h('div', {});
  const more = h('div', {class: 'more', hidden: true});
  const flow = h('select', {'aria-label': 'Flow', 'data-key': 'flow', onchange: () => filter({flow: flow.value})}, h('option', {value: ''}, 'All flows'));
  const text = h('input', {type: 'search', placeholder: 'Id, source or reason', 'aria-label': 'Search runs', value: chosen.text, oninput: () => {
    clearTimeout(text.timer);
    text.timer = setTimeout(() => filter({text: text.value}), 300);
  }});
  const chips = FILTERS.map(([state, name]) => h('button', {type: 'button', class: 'chip', 'aria-pressed': String(state === chosen.state),
    onclick: () => filter({state}), 'data-state': state}, name));
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Runs')),
    h('section', {class: 'card'}, h('div', {class: 'filters'}, text, flow, h('div', {class: 'chips', role: 'group', 'aria-label': 'State'}, chips)), list, more));

  const filter = (change) => {
    Object.assign(chosen, change);
    chips.forEach((chip) => chip.setAttribute('aria-pressed', String(chip.dataset.state === chosen.state)));
    older = [];
    history.replaceState(null, '', '#/runs' + query(chosen));
    page.refresh();
  };
  const draw = (runs) => putChanged(list, [runs, older.length], () => runTable('Runs', [...runs, ...older], 'No run like this.'));
  let newest = [];
  page.update = async () => {
    const answer = await page.get('/runs' + query({...chosen, limit: 50}));
    newest = answer.runs;
    if (older.length === 0) {
      next = answer.next;
    }
    const known = new Set(newest.map((run) => run.run));
    older = older.filter((run) => !known.has(run.run));
    draw(newest);
    more.hidden = next === null;
  };
  put(more, h('button', {type: 'button', onclick: async () => {
    const answer = await page.get('/runs' + query({...chosen, limit: 100, cursor: next}));
    older = [...older, ...answer.runs];
    next = answer.next;
    draw(newest);
    more.hidden = next === null;
  }}, 'Show older runs'));
  page.get('/flows').then((all) => {
    flow.append(...all.flows.map((each) => h('option', {value: each.flow}, each.flow)));
    flow.value = chosen.flow;
  }, () => {});
}

export function runPage(page, id) {
  page.title('Run ' + id);
  const head = h('div', {class: 'page-head'});
  const notes = h('div', {class: 'notices'});
  const moving = h('div', {});
  const about = h('div', {});
  const times = h('div', {});
  const batches = h('div', {});
  const letters = h('div', {});
  put(page.place, head, notes, card('Run', [moving, about]), card('Timeline', times), card('Batches', batches), letters);
  let run = null;

  const live = () => {
    const now = page.live.runs.get(run.run);
    const going = run.state === 'running';
    putChanged(moving, [going, now?.fraction, now?.rows, now?.batches], () => going ? h('div', {class: 'live-row'},
      h('span', {}, 'Read so far ', h('strong', {}, now ? Math.round(now.fraction * 100) + ' %' : '…')),
      progress(now?.fraction || 0, 'share of the source that was read'),
      h('span', {class: 'number'}, count(now?.rows ?? run.rows), ' rows'),
      h('span', {class: 'number'}, count(now?.batches ?? run.batches), ' batches')) : []);
  };
  page.runChanged = (changed) => {
    if (run && changed.run === run.run) {
      live();
    }
  };
  page.update = async () => {
    const details = await page.get('/runs/' + encodeURIComponent(id));
    run = details.run;
    putChanged(head, run, () => [h('div', {class: 'crumb'}, link('#/runs', 'Runs'), ' / ', flowLink(run.flow)),
      h('h1', {class: 'mono'}, run.run), badge(run.state), actions(page, run)]);
    putChanged(notes, [run.reason, run.remedy, run.inDoubtBatches, run.state], () => [
      run.reason ? notice(run.state === 'completed' ? 'ok' : 'bad', badgeText(run.state), run.reason, run.remedy, run.endedAt) : null,
      run.inDoubtBatches && run.state !== 'running' ? notice('warn', count(run.inDoubtBatches) + ' batches are planned and not settled',
        'They are sent again byte for byte when the run goes on.') : null]);
    live();
    putChanged(about, run, () => runFacts(run));
    putChanged(times, details.batches.map((b) => [b.batch, b.state, b.attempts, b.settledAt]), () =>
      details.batches.length ? timeline(details.batches) : h('p', {class: 'empty'}, 'No batch yet.'));
    putChanged(batches, details.batches, () => batchTable(details.batches, details.batchCount));
    putChanged(letters, details.deadLetters, () => details.deadLetters.length ? card('Dead letters', letterTable(details.deadLetters),
      link('#/dead-letters?run=' + encodeURIComponent(run.run), 'mend or discard them')) : []);
  };
}

function badgeText(state) {
  return {failed: 'It failed', held: 'It waits', cancelled: 'It was cancelled'}[state] || 'Note';
}

function runFacts(run) {
  return facts([
    ['Source', run.location], ['Table', run.table], ['Format', run.format],
    ['Started', when(run.startedAt)], ['Ended', run.endedAt ? when(run.endedAt) : null],
    ['Took', run.state === 'running' ? null : duration(took(run))],
    ['Rows', count(run.rows)], ['Bytes', bytes(run.bytes)],
    ['Rows per second', run.movedMillis ? count(Math.round(run.rows / run.movedMillis * 1000)) : null],
    ['Batches', count(run.batches)], ['Attempts', count(run.attempts)],
    ['Dead rows', run.deadRows ? count(run.deadRows) : null], ['In doubt', run.inDoubtBatches ? count(run.inDoubtBatches) : null],
    ['Trigger', run.trigger], ['Generation', run.generation ? run.generation : null]]);
}

function actions(page, run) {
  const path = '/runs/' + encodeURIComponent(run.run);
  const send = async (what, body) => {
    await order(path + what, body);
    page.refresh();
  };
  const may = operates(run.table);
  const title = refusal(may, run.table);
  return h('div', {class: 'buttons'},
    h('button', {type: 'button', id: 'rerun', title, disabled: !may || run.state === 'running', class: run.state === 'failed' || run.state === 'held' ? 'primary' : '',
      onclick: () => send('/rerun', {})}, 'Rerun'),
    h('button', {type: 'button', id: 'again', title, disabled: !may || run.state === 'running', onclick: async () => {
      if (await ask({title: 'Deliver all of it again?', text: `All of ${run.location} is delivered once more, beside the rows that arrived.`, action: 'Deliver again', danger: true})) {
        send('/rerun', {again: true});
      }
    }}, 'Deliver again'),
    h('button', {type: 'button', id: 'reconcile', title, disabled: !may || run.state === 'running', onclick: () => send('/reconcile', {})}, 'Compare with table'),
    h('button', {type: 'button', id: 'cancel-run', title, disabled: !may || run.state.startsWith('completed') || run.state === 'cancelled', onclick: async () => {
      if (await ask({title: 'Cancel this run?', text: 'It is stopped for good; what arrived stays.', action: 'Cancel the run', danger: true})) {
        send('/cancel', {});
      }
    }}, 'Cancel'),
    h('button', {type: 'button', id: 'mark', title, disabled: !may || run.state !== 'failed' && run.state !== 'held', onclick: async () => {
      const note = h('input', {required: true, 'aria-label': 'Why', placeholder: 'Why?'});
      const body = await ask({title: 'Take it for completed?', text: 'Nothing is delivered by that; flows that wait for this one go on.', content: note, action: 'Mark as completed', read: () => ({state: 'completed', note: note.value})});
      if (body) {
        send('/mark', body);
      }
    }}, 'Mark'));
}

function batchTable(batches, all) {
  return [table('Batches', [{name: 'No.', number: true}, {name: 'State', tight: true}, {name: 'Rows', number: true}, {name: 'Bytes', number: true, hide: 's'},
    {name: 'Sent', number: true}, {name: 'Time', number: true}, {name: 'Settled', hide: 's'}, {name: 'Lies at', hide: 'm'}, {name: 'Query id, reason', grow: true}],
  batches.slice(0, 300).map((batch) => ({cells: [
    batch.sequence, badge(batch.state), count(batch.rows), bytes(batch.bytes), batch.attempts,
    batch.elapsedMillis === null ? '' : duration(batch.elapsedMillis), batch.settledAt ? when(batch.settledAt) : '–',
    count(batch.from) + '–' + count(batch.to),
    h('span', {title: batch.reason}, link('#/lineage?batch=' + encodeURIComponent(batch.batch), batch.batch, {class: 'mono'}), batch.reason ? ' ' + batch.reason : ''),
  ]})), 'No batch yet.'),
  all > Math.min(300, batches.length) ? h('p', {class: 'empty'}, `${count(all)} batches in all; the first ${Math.min(300, batches.length)} are shown.`) : null];
}

function letterTable(letters) {
  return table('Dead letters', [{name: 'State', tight: true}, {name: 'Record', number: true}, {name: 'Line', number: true, hide: 's'}, {name: 'Column'}, {name: 'Error', hide: 's'}, {name: 'Reason', grow: true}],
    letters.map((letter) => ({cells: [badge(letter.state), count(letter.record), letter.line || '–', letter.column || '–', letter.errorName, h('span', {title: letter.reason}, letter.reason)]})), '');
}
