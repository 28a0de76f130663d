/* How many members a segment means, while its rule is being typed. */
(() => {
  "use strict";
  const told = document.getElementById("segment-count");
  const form = document.getElementById("segment_form");
  if (!told || !form || !form.querySelector("[name=match]")) return;
  let waiting = 0, asked = 0;
  const ask = async () => {
    const mine = ++asked, typed = new URLSearchParams(new FormData(form));
    typed.delete("csrfmiddlewaretoken");
    const answer = await fetch(`${told.dataset.count}?${typed}`, { headers: { Accept: "application/json" } }).catch(() => null);
    // A slow answer to an older question is not told.
    if (answer && mine === asked) told.textContent = (await answer.json()).told;
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 300); };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  if (window.django && window.django.jQuery) window.django.jQuery(form).on("select2:select select2:unselect", soon);
  ask();
})();
