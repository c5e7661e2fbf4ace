// What can be ordered of flows.
import {h} from './dom.js';

export function flowActions() {
  return h('div', {class: 'buttons'});
}
