// The dead-letter desk: by reason, one by one, mended, sent again or discarded.
import {ask, badge, card, facts, h, link, put, putChanged, table, toast} from './dom.js';
import {count} from './format.js';
import {get, order, Problem, query} from './api.js';
import {operates, reads, refusal} from './who.js';
import {flowLink, runLink, since, when} from './parts.js';

const MOST_MENDED = 200;

export function lettersPage(page) {
  page.title('Dead letters');
  const filters = {};
  ['flow', 'run', 'error', 'column'].forEach((name) => {
    filters[name] = page.params.get(name) || '';
  });
  let letters = [];
  const picked = new Set();
  let open = null;
  const groups = h('div', {});
  const narrowed = h('div', {class: 'filters'});
  const list = h('div', {});
  const detail = h('div', {id: 'letter'});
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Dead letters')), card('By reason', groups),
    h('div', {class: 'split wide-left'}, h('section', {class: 'card'}, narrowed, list), card('Record', detail)));
  put(detail, h('p', {class: 'empty'}, 'Choose a dead letter to see its record.'));

  const narrow = (change) => {
    Object.assign(filters, {flow: '', run: '', error: '', column: ''}, change);
    picked.clear();
    history.replaceState(null, '', '#/dead-letters' + query(filters));
    page.refresh();
  };
  const after = () => {
    picked.clear();
    page.refresh();
    if (open) {
      look(open);
    }
  };
  const chosen = () => letters.filter((letter) => picked.has(letter.deadLetter));
  const bar = () => {
    const some = picked.size > 0;
    const barred = chosen().find((letter) => !operates(letter.table));
    const title = barred ? refusal(false, barred.table) : null;
    const off = !some || Boolean(barred);
    const text = Object.entries(filters).filter(([, value]) => value).map(([name, value]) => `${name} ${value}`).join(', ');
    put(narrowed, h('strong', {}, some ? `${picked.size} chosen` : count(letters.length) + ' shown'), text ? h('span', {class: 'soft'}, text) : null,
      text ? h('button', {type: 'button', class: 'linkish', 'data-key': 'all', onclick: () => narrow({})}, 'show all') : null,
      h('div', {class: 'buttons'},
        h('button', {type: 'button', id: 'replay', 'data-key': 'replay', disabled: off, title, onclick: async () => {
          await order('/dead-letters/replay', {letters: [...picked]});
          after();
        }}, 'Send again'),
        h('button', {type: 'button', id: 'mend', 'data-key': 'mend', disabled: off || chosen().some((letter) => !reads(letter.table)), title, class: some ? 'primary' : '', onclick: () => mend(chosen(), after)}, 'Mend'),
        h('button', {type: 'button', id: 'discard', 'data-key': 'discard', disabled: off, title, onclick: () => discard([...picked], after)}, 'Discard')));
  };
  const draw = () => {
    put(list, letterTable(letters, picked, open, bar, look));
    bar();
  };
  const look = async (id) => {
    open = id;
    draw();
    const letter = letters.find((each) => each.deadLetter === id);
    if (letter && !reads(letter.table)) {
      put(detail, h('p', {class: 'empty'}, `Its record is shown to who may read ${letter.table}.`));
      return;
    }
    try {
      const content = await page.get('/dead-letters/' + encodeURIComponent(id));
      putChanged(detail, content, () => record(content));
    } catch (e) {
      page.fail(e);
    }
  };
  page.update = async () => {
    const [all, found] = await Promise.all([page.get('/dead-letters/groups'), page.get('/dead-letters' + query({...filters, limit: 500}))]);
    putChanged(groups, all, () => groupTable(all.groups, narrow));
    if (JSON.stringify(letters) !== JSON.stringify(found.deadLetters) || !list.hasChildNodes()) {
      letters = found.deadLetters;
      const known = new Set(letters.map((letter) => letter.deadLetter));
      [...picked].filter((id) => !known.has(id)).forEach((id) => picked.delete(id));
      draw();
    }
  };
}

function groupTable(groups, narrow) {
  return table('Dead letters by reason', [{name: 'Count', number: true}, {name: 'Column'}, {name: 'Error'}, {name: 'Flow', hide: 's'}, {name: 'Table', hide: 'm'}, {name: 'Runs', number: true, hide: 's'}, {name: 'First seen', hide: 's'}, {name: 'Last seen', grow: true}],
    groups.map((group) => ({cells: [
      h('strong', {}, count(group.count)),
      group.column || '–',
      h('button', {type: 'button', class: 'linkish', onclick: () => narrow({flow: group.flow, error: group.errorName, column: group.column})}, group.errorName || '–'),
      flowLink(group.flow), group.table, count(group.runs), since(group.firstSeenAt), since(group.lastSeenAt)]})),
    'No dead letter waits. What ClickHouse refuses because of its content is kept here, until somebody mends or discards it.');
}

function letterTable(letters, picked, open, changed, look) {
  const all = h('input', {type: 'checkbox', 'aria-label': 'Choose all', 'data-key': 'pick all', onchange: () => {
    letters.filter((letter) => letter.state === 'stored').forEach((letter) => all.checked ? picked.add(letter.deadLetter) : picked.delete(letter.deadLetter));
    boxes.forEach((box) => {
      box.checked = picked.has(box.value);
    });
    changed();
  }});
  const boxes = [];
  const rows = letters.map((letter) => {
    const box = h('input', {type: 'checkbox', value: letter.deadLetter, 'data-key': 'pick ' + letter.deadLetter, 'aria-label': 'Choose record ' + letter.record, disabled: letter.state !== 'stored', onchange: () => {
      if (box.checked) {
        picked.add(letter.deadLetter);
      } else {
        picked.delete(letter.deadLetter);
      }
      changed();
    }});
    box.checked = picked.has(letter.deadLetter);
    boxes.push(box);
    return {class: open === letter.deadLetter ? 'chosen' : null, cells: [box,
      h('button', {type: 'button', class: 'linkish', 'data-key': 'open ' + letter.deadLetter, onclick: () => look(letter.deadLetter)}, 'record ' + count(letter.record)),
      letter.column || '–', badge(letter.state), letter.flow, h('span', {title: letter.reason}, letter.reason)]};
  });
  all.checked = boxes.length > 0 && picked.size === boxes.length;
  return table('Dead letters', [{name: all, tight: true}, {name: 'Record'}, {name: 'Column'}, {name: 'State', hide: 's'}, {name: 'Flow', hide: 's'}, {name: 'Reason', grow: true}], rows, 'None like this.');
}

function record({deadLetter, header, text, base64}) {
  return h('div', {},
    facts([['Reason', deadLetter.reason], ['What helps', deadLetter.remedy], ['Error', deadLetter.errorName + (deadLetter.errorCode ? ' ' + deadLetter.errorCode : '')],
      ['Column', deadLetter.column], ['Source', deadLetter.location], ['Line', deadLetter.line || null], ['Byte', count(deadLetter.sourceOffset)], ['Run', runLink(deadLetter.run)],
      ['Batch', link('#/lineage?batch=' + encodeURIComponent(deadLetter.batch), deadLetter.batch, {class: 'mono'})],
      ['First seen', when(deadLetter.firstSeenAt)], ['Settled', deadLetter.settledAt ? when(deadLetter.settledAt) : null], ['By', deadLetter.settledBy], ['Note', deadLetter.note]]),
    h('div', {class: 'card-body'}, base64 === null ? h('p', {class: 'soft'}, 'Its bytes were deleted when it was settled.')
      : h('pre', {class: 'record', tabindex: '0', 'aria-label': 'The record'}, header ? h('span', {class: 'head'}, header) : null, text === null ? base64 : text)));
}

async function mend(letters, done) {
  const kinds = new Set(letters.map((letter) => letter.flow + ' ' + letter.format));
  if (kinds.size > 1 || letters.length > MOST_MENDED) {
    toast(kinds.size > 1 ? 'Choose dead letters of one flow and format.' : `Choose at most ${MOST_MENDED} here; ./waybill dead-letters export takes more.`, 'warn');
    return;
  }
  let contents;
  try {
    contents = await Promise.all(letters.map((letter) => get('/dead-letters/' + encodeURIComponent(letter.deadLetter))));
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    toast(e.problem.detail, 'bad');
    return;
  }
  if (contents.some((content) => content.text === null)) {
    toast('One of them is no text; mend it in a file: ./waybill dead-letters export', 'warn');
    return;
  }
  const lines = contents.map((content) => content.text.endsWith('\n') ? content.text : content.text + '\n').join('');
  const input = h('textarea', {'aria-label': 'Mended records', id: 'mended', spellcheck: 'false'});
  input.value = contents[0].header + lines;
  const records = await ask({
    title: letters.length === 1 ? 'Mend a record' : `Mend ${letters.length} records`,
    text: `${letters[0].format}, for ${letters[0].table}. What stands here is delivered in their place; the first line is the header if the format has one. ${letters[0].reason}`,
    content: input, action: 'Deliver', read: () => input.value});
  if (records) {
    await order('/dead-letters/replay-mended', {letters: letters.map((letter) => letter.deadLetter), records});
    done();
  }
}

async function discard(ids, done) {
  const input = h('input', {'aria-label': 'Reason', required: true, maxlength: 500, placeholder: 'Why are they not needed?'});
  const reason = await ask({title: `Discard ${ids.length} dead letter${ids.length === 1 ? '' : 's'}?`, text: 'Their records are deleted; the reason stays in ledger and audit trail.',
    content: input, action: 'Discard', danger: true, read: () => input.value.trim()});
  if (reason) {
    await order('/dead-letters/discard', {letters: ids, reason});
    done();
  }
}
