// Figures that are moved with the arrow keys do not scroll the page as well.
addEventListener('keydown', event => {
  if (event.key.startsWith('Arrow') && event.target.matches?.('[data-arrows]')) {
    event.preventDefault();
  }
});
