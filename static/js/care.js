/* The moderators' queue by keyboard: j and k move, a and d decide, x ticks. Buttons do the same without it. */
(() => {
  "use strict";
  const cases = () => [...document.querySelectorAll("[data-case]")];
  const here = () => document.activeElement?.closest("[data-case]");
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, dialog");

  const move = (step) => {
    const all = cases();
    const next = all[Math.min(Math.max(all.indexOf(here()) + step, 0), all.length - 1)];
    next?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(here() ? -1 : 1);
    else if (event.key === "x") here()?.querySelector("[name=case]")?.click();
    else if (event.key === "a" || event.key === "d") here()?.querySelector(`[data-key=${event.key}]`)?.click();
    else return;
    event.preventDefault();
  });
})();
