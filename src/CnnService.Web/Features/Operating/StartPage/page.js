'use strict';
const text = value => { const cell = document.createElement('td'); cell.append(value instanceof Node ? value : String(value ?? '')); return cell; };
const link = (href, name) => { const a = document.createElement('a'); a.href = href; a.textContent = name; return a; };
const fill = (id, head, rows) => {
  const table = document.getElementById(id);
  table.replaceChildren();
  if (rows.length === 0) { const p = table.insertRow().insertCell(); p.className = 'quiet'; p.textContent = 'none yet'; return; }
  const top = table.insertRow();
  head.forEach(name => { const th = document.createElement('th'); th.textContent = name; top.append(th); });
  rows.forEach(row => table.insertRow().append(...row.map(text)));
};
const items = async path => {
  const answer = await fetch(path);
  const json = await answer.json();
  if (!answer.ok) { throw new Error(json.detail ?? path + ': ' + answer.status); }
  return json.items;
};
const image = async path => {
  const answer = await fetch(path);
  const img = new Image();
  img.alt = 'loss and accuracy of the newest run';
  img.src = URL.createObjectURL(await answer.blob());
  img.onload = () => URL.revokeObjectURL(img.src);
  return img;
};
const percent = value => value == null ? '' : (100 * value).toFixed(1) + ' %';
async function show() {
  const [datasets, runs, models] = await Promise.all(['/datasets', '/runs?limit=10', '/models'].map(items));
  fill('datasets', ['name', 'status', 'classes', 'images', 'rejected'], datasets.map(d => [
    link('/datasets/' + d.name, d.name), d.status, (d.classes ?? []).map(c => c.name).join(', '),
    (d.classes ?? []).reduce((sum, c) => sum + c.train + c.validation + c.test, 0), d.rejectedCount ?? '']));
  fill('runs', ['run', 'model', 'state', 'epoch', 'done', 'images/s'], runs.map(r => [
    link('/runs/' + r.id, r.id.slice(0, 12)), r.model, r.failure ? r.failure.detail : r.state, r.progress.epoch + ' / ' + r.progress.epochs,
    percent(r.progress.fraction), r.progress.imagesPerSecond.toFixed(0)]));
  const curves = runs.length > 0 ? [await image('/runs/' + runs[0].id + '/curves.png')] : [];
  document.getElementById('curves').replaceChildren(...curves);
  fill('models', ['model', 'version', 'network', 'validation accuracy', 'filters'], models.flatMap(m => m.versions.slice(0, 3).map(v => [
    link('/models/' + m.name, m.name), v.version, v.architecture, percent(v.metrics?.validationAccuracy),
    link('/visualize?model=' + m.name + ':' + v.version, 'layers')])));
}
async function repeat() {
  const fault = document.getElementById('fault');
  try {
    await show();
    fault.textContent = '';
  } catch (error) {
    fault.textContent = error.message;
  }
  setTimeout(repeat, 5000);
}
repeat();
