// Charts as SVG, drawn anew when their box changes its width; the height is fixed, so nothing jumps.
import {h, s} from './dom.js';
import {clock, duration} from './format.js';

const PAD = {top: 8, right: 8, bottom: 20, left: 52};

/** Round numbers up to the largest value. */
function ticks(most) {
  const raw = most / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((f) => f * power).find((f) => f >= raw);
  return [0, 1, 2, 3].map((i) => i * step).filter((v) => v <= most * 1.34 || v === 0);
}

/**
 * A chart over time. points: [{at: millis, value, text, tone}] in order; kind: area or dots.
 */
export function chart({label, points, unit, kind, height = 132, from, to}) {
  const box = h('div', {class: 'chart', style: {height: height + 'px'}});
  const readout = h('span', {class: 'readout', 'aria-hidden': 'true'});
  const draw = () => {
    const width = box.clientWidth;
    if (width > 0) {
      box.replaceChildren(svg(width), readout);
    }
  };
  const svg = (width) => {
    const start = from ?? (points.length ? points[0].at : Date.now() - 60000);
    const end = Math.max(to ?? (points.length ? points[points.length - 1].at : Date.now()), start + 1000);
    const steps = ticks(Math.max(...points.map((p) => p.value), 0) || 3);
    const most = Math.max(steps[steps.length - 1], ...points.map((p) => p.value));
    const x = (at) => PAD.left + (at - start) / (end - start) * (width - PAD.left - PAD.right);
    const y = (value) => height - PAD.bottom - value / most * (height - PAD.top - PAD.bottom);
    const grid = steps.map((value) => [
      s('line', {class: 'grid', x1: PAD.left, x2: width - PAD.right, y1: y(value), y2: y(value)}),
      s('text', {class: 'axis', x: PAD.left - 6, y: y(value) + 4, 'text-anchor': 'end'}, unit(value)),
    ]);
    const times = [0, 0.5, 1].map((part, i) => s('text', {
      class: 'axis', y: height - 5, x: x(start + part * (end - start)),
      'text-anchor': ['start', 'middle', 'end'][i],
    }, clock(start + part * (end - start))));
    const shapes = kind === 'dots' ? dots(x, y) : area(x, y, height);
    const cross = s('line', {class: 'cross', y1: PAD.top, y2: height - PAD.bottom, visibility: 'hidden'});
    const summary = points.length === 0 ? 'nothing yet'
      : `latest ${unit(points[points.length - 1].value)}, most ${unit(Math.max(...points.map((p) => p.value)))}`;
    return s('svg', {
      width, height, role: 'img', 'aria-label': `${label}: ${summary}`,
      onpointermove: (event) => hover(event, x, cross),
      onpointerleave: () => {
        cross.setAttribute('visibility', 'hidden');
        readout.textContent = '';
      },
    }, grid, times, shapes, cross,
    points.length === 0 ? s('text', {class: 'axis', x: width / 2, y: height / 2 - 4, 'text-anchor': 'middle'}, 'nothing yet') : null);
  };
  const area = (x, y, bottom) => {
    if (points.length === 0) {
      return null;
    }
    const path = points.map((p, i) => (i ? 'L' : 'M') + x(p.at).toFixed(1) + ' ' + y(p.value).toFixed(1)).join('');
    const floor = bottom - PAD.bottom;
    return [
      s('path', {class: 'area', d: `${path}L${x(points[points.length - 1].at).toFixed(1)} ${floor}L${x(points[0].at).toFixed(1)} ${floor}Z`}),
      s('path', {class: 'line', d: path}),
    ];
  };
  const dots = (x, y) => points.map((p) => s('circle', {class: 'spot ' + (p.tone || ''), cx: x(p.at).toFixed(1), cy: y(p.value).toFixed(1), r: 2.5}));
  const hover = (event, x, cross) => {
    if (points.length === 0) {
      return;
    }
    const left = event.clientX - box.getBoundingClientRect().left;
    const near = points.reduce((a, b) => Math.abs(x(a.at) - left) <= Math.abs(x(b.at) - left) ? a : b);
    cross.setAttribute('visibility', 'visible');
    cross.setAttribute('x1', x(near.at));
    cross.setAttribute('x2', x(near.at));
    readout.textContent = `${clock(near.at)}  ${unit(near.value)}${near.text ? '  ' + near.text : ''}`;
  };
  new ResizeObserver(draw).observe(box);
  return box;
}

/** Slices of ten seconds to rows, or bytes, a second; empty ones are zero. */
export function rates(slices, field, flow, minutes = 30) {
  const sums = new Map();
  for (const slice of slices) {
    if (!flow || slice.flow === flow) {
      const at = Date.parse(slice.from);
      sums.set(at, (sums.get(at) || 0) + slice[field]);
    }
  }
  const step = 10000;
  const end = Math.floor(Date.now() / step) * step;
  const points = [];
  for (let at = end - minutes * 60000; at <= end; at += step) {
    points.push({at, value: (sums.get(at) || 0) / 10});
  }
  return points;
}

/** A line without axes, for tables. */
export function spark(points, label) {
  const width = 96;
  const height = 22;
  const most = Math.max(...points.map((p) => p.value), 1e-9);
  const path = points.map((p, i) =>
    `${i ? 'L' : 'M'}${(i / (points.length - 1) * width).toFixed(1)} ${(height - 2 - p.value / most * (height - 4)).toFixed(1)}`).join('');
  return s('svg', {width, height, class: 'spark', role: 'img', 'aria-label': label}, s('path', {class: 'line', d: path}));
}

/** Batches over time, each a bar from its plan to its settlement, below each other where they overlap. */
export function timeline(batches) {
  const box = h('div', {class: 'timeline'});
  const readout = h('p', {class: 'readout-line'}, 'Bars are batches from plan to settlement; those that were sent more than once are ringed.');
  const start = Math.min(...batches.map((b) => Date.parse(b.plannedAt)));
  const end = Math.max(start + 100, ...batches.map((b) => Date.parse(b.settledAt || new Date().toISOString())));
  const lanes = [];
  const placed = batches.map((batch) => {
    const from = Date.parse(batch.plannedAt);
    const to = Date.parse(batch.settledAt || new Date().toISOString());
    let lane = lanes.findIndex((free) => free <= from);
    if (lane < 0) {
      lane = lanes.length < 12 ? lanes.push(0) - 1 : lanes.indexOf(Math.min(...lanes));
    }
    lanes[lane] = to;
    return {batch, from, to, lane};
  });
  const tones = {committed: 'ok', planned: 'run', split: 'warn', dead: 'bad'};
  const draw = () => {
    const width = box.clientWidth;
    if (!width) {
      return;
    }
    const height = lanes.length * 18 + 24;
    const x = (at) => 4 + (at - start) / (end - start) * (width - 8);
    box.replaceChildren(s('svg', {width, height, role: 'img', 'aria-label': `${batches.length} batches in ${duration(end - start)}`},
      [0, 0.25, 0.5, 0.75, 1].map((part, i) => {
        const at = start + part * (end - start);
        return [s('line', {class: 'grid', x1: x(at), x2: x(at), y1: 0, y2: height - 20}),
          i % 2 === 0 ? s('text', {class: 'axis', x: x(at), y: height - 5, 'text-anchor': ['start', '', 'middle', '', 'end'][i]}, '+' + duration(at - start)) : null];
      }),
      placed.map(({batch, from, to, lane}) => s('rect', {
        class: `bar ${tones[batch.state]}${batch.attempts > 1 ? ' again' : ''}`,
        x: x(from).toFixed(1), y: lane * 18 + 3, width: Math.max(3, x(to) - x(from) - 1).toFixed(1), height: 12, rx: 2,
        onpointerenter: () => {
          readout.textContent = `batch ${batch.sequence}: ${batch.state}, ${batch.rows} rows, ${duration(to - from)}`
            + (batch.attempts > 1 ? `, sent ${batch.attempts} times` : '') + (batch.errorName ? `, ${batch.errorName}` : '');
        },
      }))));
  };
  new ResizeObserver(draw).observe(box);
  return h('div', {}, box, readout);
}
