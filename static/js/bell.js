/* The bell: what is new is asked for seldom, in one tab for all, and never for a page that nobody looks at. */
(() => {
  "use strict";
  const EVERY = 5 * 60e3; // while somebody looks
  const SOONEST = 60e3; // after coming back
  const IDLE = 30 * 60e3; // who did nothing for so long is not there
  const KEY = "sprout-bell";
  const bell = () => document.getElementById("bell");
  const some = (span) => Math.random() * span;
  let timer = 0;
  let active = Date.now();

  const last = () => {
    try { return Number(JSON.parse(localStorage.getItem(KEY) || "{}").at) || 0; } catch { return 0; }
  };
  const keep = (html, at) => {
    try { localStorage.setItem(KEY, JSON.stringify({ at, html })); } catch { /* private windows may refuse */ }
  };
  let mine = Date.now();
  const show = (html) => {
    const old = bell();
    if (!old || !html || old.outerHTML === html) return;
    const here = document.activeElement === old;
    old.outerHTML = html;
    if (here) bell().focus();
  };

  // Tabs that wake together look one after the other whether it is time; the second sees that the first has asked.
  const alone = (act) => (navigator.locks ? navigator.locks.request(KEY, act) : act());
  const ask = (least) => {
    const now = Date.now();
    plan();
    if (document.hidden || now - active > IDLE) return;
    alone(() => {
      // Whichever tab asked last asked for all of them.
      if (now - Math.max(last(), mine) < least) return null;
      mine = now;
      keep("", now);
      // The browser asks with the tag it knows; 304 costs some hundred bytes.
      return fetch(bell().dataset.ask, { headers: { Accept: "text/html" }, credentials: "same-origin" })
        .then((answer) => (answer.status === 200 ? answer.text() : ""))
        .then((html) => { show(html.trim()); keep(html.trim(), now); })
        .catch(() => {});
    });
  };
  const plan = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(() => ask(EVERY), EVERY + some(30e3));
  };
  const back = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    // A crowd that comes back together, from a mail or a broadcast, does not ask together.
    if (Date.now() - Math.max(last(), mine) >= SOONEST) timer = setTimeout(() => ask(SOONEST), some(3e3));
    else plan();
  };
  const stir = () => {
    const slept = Date.now() - active > IDLE;
    active = Date.now();
    if (slept) back();
  };

  /* At a desk the newest open under the bell; on a phone, and without script, it leads to the page. */
  const wide = matchMedia("(width >= 48rem)");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#bell");
    const panel = document.getElementById("bell-panel");
    if (!link || !panel || !panel.showPopover || !wide.matches || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (panel.matches(":popover-open")) return panel.hidePopover();
    panel.showPopover();
    window.htmx.ajax("GET", link.dataset.panel, { target: panel, swap: "innerHTML" }).then(() => panel.focus());
  });
  document.getElementById("bell-panel")?.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && document.activeElement === document.body) bell().focus();
  });
  /* Pressing beside an open menu of a notice closes it. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".notice-more[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  if (!bell()) return;
  for (const name of ["pointerdown", "keydown", "scroll"]) document.addEventListener(name, stir, { passive: true });
  document.addEventListener("visibilitychange", back);
  addEventListener("focus", back);
  addEventListener("pageshow", (event) => { if (event.persisted) back(); });
  addEventListener("storage", (event) => {
    if (event.key === KEY && event.newValue) show(JSON.parse(event.newValue).html);
  });
  keep(bell().outerHTML, Date.now()); // every page brings the newest number along, for all tabs
  plan();
})();
