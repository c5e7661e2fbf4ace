// Where rows came from, and which rows a source became.
import {badge, card, h, link, put, putChanged, toast} from './dom.js';
import {bytes, count, duration, tail} from './format.js';
import {Problem, query} from './api.js';
import {flowLink, notice, runLink, when} from './parts.js';

export function lineagePage(page) {
  page.title('Lineage');
  const asked = page.params.get('batch') || '';
  const input = h('input', {type: 'search', class: 'mono', placeholder: 'value of _waybill_batch, or a batch id', 'aria-label': 'Batch or token', value: asked});
  const answer = h('div', {class: 'stack'});
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Lineage')),
    h('section', {class: 'card'}, h('form', {class: 'filters', onsubmit: (event) => {
      event.preventDefault();
      location.hash = '#/lineage' + query({batch: input.value.trim()});
    }}, input, h('button', {class: 'primary', type: 'submit'}, 'Trace'))), answer);
  page.update = async () => {
    if (!asked) {
      put(answer, h('p', {class: 'soft'}, 'Every row has in its column _waybill_batch the token of the batch that brought it. Give one to see its batch, run and source; a batch id leads to its rows.'));
      return;
    }
    try {
      const found = await page.get('/lineage' + query({batch: asked}));
      putChanged(answer, found, () => chain(found));
    } catch (e) {
      if (!(e instanceof Problem) || e.problem.status !== 404) {
        throw e;
      }
      put(answer, notice('warn', 'Not found', e.problem.detail, e.problem.remedy));
    }
  };
}

function chain({batch, run, formerTokens, children, sql}) {
  const part = (title, main, ...small) => h('div', {class: 'link-card'}, h('h3', {}, title), h('div', {class: 'main'}, main), small.map((each) => h('div', {class: 'small'}, each)));
  return [
    h('div', {class: 'chain'},
      part('Table', run.table, count(batch.state === 'committed' ? batch.rows : 0) + ' rows of this batch', batch.settledAt ? ['since ', when(batch.settledAt)] : 'not settled'),
      part('Batch', h('span', {class: 'mono'}, batch.batch), badge(batch.state), `bytes ${count(batch.from)} to ${count(batch.to)} of the source, ${bytes(batch.bytes)}, sent ${batch.attempts} ${batch.attempts === 1 ? 'time' : 'times'}`,
        batch.elapsedMillis === null ? null : duration(batch.elapsedMillis) + (batch.server ? ' at ' + batch.server : '') + (batch.user ? ' as ' + batch.user : '')),
      part('Run', runLink(run.run), badge(run.state), ['flow ', flowLink(run.flow)], ['started ', when(run.startedAt)]),
      part('Source', tail(run.location), run.location, `${run.format}, generation ${run.generation}`)),
    card('Its rows', h('div', {class: 'card-body copyable'}, h('pre', {class: 'record', tabindex: '0'}, sql),
      h('button', {type: 'button', onclick: () => navigator.clipboard?.writeText(sql).then(() => toast('Copied.', 'ok'), () => toast('The browser does not allow it.', 'warn'))}, 'Copy'))),
    card('Papers', h('div', {class: 'card-body'}, h('dl', {class: 'facts'},
      [['Token', batch.token], ['SHA-256 of what was sent', batch.digest], ['Query id', batch.batch], ['In the place of', batch.parent],
        ['Former tokens', formerTokens.join(' ')], ['Reason', batch.reason]].filter(([, value]) => value).map(([name, value]) =>
        h('div', {}, h('dt', {}, name), h('dd', {class: 'mono'}, name === 'In the place of' ? link('#/lineage?batch=' + encodeURIComponent(value), value) : value)))))),
    children.length ? card('Came in its place', h('div', {class: 'card-body'}, children.map((each) =>
      h('div', {}, badge(each.state), ' ', link('#/lineage?batch=' + encodeURIComponent(each.batch), each.batch, {class: 'mono'}), ` ${count(each.rows)} rows`)))) : null,
  ];
}
