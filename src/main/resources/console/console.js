"use strict";
// Pause keeps what is shown; the newest part is shown when it ends.
document.addEventListener("DOMContentLoaded", () => {
  const pause = document.getElementById("pause");
  const live = document.getElementById("live");
  let waiting = null;
  if (pause && live) {
    const paused = () => pause.getAttribute("aria-pressed") === "true";
    live.addEventListener("htmx:sseBeforeMessage", (event) => {
      if (paused()) {
        waiting = event.detail.data;
        event.preventDefault();
      }
    });
    pause.addEventListener("click", () => {
      pause.setAttribute("aria-pressed", paused() ? "false" : "true");
      pause.textContent = paused() ? "Go on" : "Pause";
      if (!paused() && waiting !== null) {
        live.innerHTML = waiting;
        waiting = null;
      }
    });
  }
  const plot = document.getElementById("plot");
  const rows = document.querySelectorAll("#points tr[data-at]");
  if (plot && rows.length > 1 && window.uPlot) {
    const column = (name) => Array.from(rows, (row) => Number(row.dataset[name]));
    new window.uPlot({
      width: Math.min(900, plot.clientWidth), height: 240,
      series: [{}, { label: "in use", stroke: "#3b82c4", width: 2 }, { label: "entitled", stroke: "#2a9d8f", width: 2 }],
    }, [column("at"), column("used"), column("entitled")], plot);
  }
});
