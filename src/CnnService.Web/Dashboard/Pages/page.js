'use strict';

const pause = 3000;

function cell(content) {
  const td = document.createElement('td');
  td.append(...(Array.isArray(content) ? content : [content ?? '']));
  return td;
}

function link(text, href) {
  const a = document.createElement('a');
  a.textContent = text;
  a.href = href;
  return a;
}

function fill(id, rows) {
  const table = document.getElementById(id);
  const body = table.tBodies[0];
  if (rows.length === 0) {
    const none = cell('none yet');
    none.colSpan = table.tHead.rows[0].cells.length;
    none.className = 'empty';
    rows = [[none]];
  }
  body.replaceChildren(...rows.map(cells => {
    const tr = document.createElement('tr');
    tr.append(...cells.map(c => c instanceof HTMLTableCellElement ? c : cell(c)));
    return tr;
  }));
}

async function get(path) {
  const answer = await fetch(path);
  const json = await answer.json();
  if (!answer.ok) {
    throw new Error(json.detail ?? `${path}: ${answer.status}`);
  }
  return json;
}

const runRow = run => [
  link(run.id, `runs/${encodeURIComponent(run.id)}`),
  run.request?.dataset,
  run.state,
  run.progress ? `epoch ${run.progress.epoch} of ${run.progress.epochs}` : '',
  run.model ? `${run.model}${run.version ? `:${run.version}` : ''}` : '',
];

const datasetRow = dataset => [
  link(dataset.name, `datasets/${encodeURIComponent(dataset.name)}`),
  dataset.status,
  (dataset.classes ?? []).map(c => c.name).join(', '),
  String((dataset.classes ?? []).reduce((sum, c) => sum + c.train + c.validation + c.test, 0)),
];

const modelRow = model => [
  link(model.name, `models/${encodeURIComponent(model.name)}`),
  link('layers', `visualize?model=${encodeURIComponent(model.name)}`),
];

async function show() {
  const fault = document.getElementById('fault');
  try {
    const [runs, datasets, models] = await Promise.all([get('runs'), get('datasets'), get('models')]);
    fill('runs', runs.items.map(runRow));
    fill('datasets', datasets.items.map(datasetRow));
    fill('models', models.items.map(modelRow));
    const ready = await fetch('health/ready');
    document.getElementById('ready').textContent = ready.ok ? 'ready' : (await ready.json()).detail;
    fault.textContent = '';
  } catch (error) {
    fault.textContent = error.message;
  } finally {
    setTimeout(show, pause);
  }
}

show();
