/* What is typed is kept on this device and, for members, on the server; it is offered again, never put in unasked. */
(() => {
  "use strict";
  const PREFIX = "sprout.kept.";
  const FOR_DAYS = 90;
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "email", "draft", "draft_form", "draft_subject", "parent", "template"]);
  const TEXTS = ["title", "body"];
  const timers = new WeakMap();
  const store = (act) => {
    try {
      return act(window.localStorage);
    } catch {
      return null; // Full, or not allowed here: the server's draft is still there.
    }
  };
  const key = (name, owner) => `${PREFIX}${owner}.${name}`;
  const owner = (form) => form.dataset.owner || "";
  const forms = (within) => [...within.querySelectorAll("form[data-keep]"), ...(within.matches?.("form[data-keep]") ? [within] : [])];
  const texts = (fields) => TEXTS.map((name) => (fields[name] || "").trim()).join("\n").trim();

  const typed = (form) => {
    const fields = {};
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && !LEFT_OUT.has(name)) fields[name] = value;
    return fields;
  };
  const forget = (name, who) => store((kept) => [who, ""].forEach((one) => kept.removeItem(key(name, one))));
  const recall = (form) =>
    store((kept) => {
      for (const who of [owner(form), ""]) {
        const copy = JSON.parse(kept.getItem(key(form.dataset.keep, who)) || "null");
        if (copy && Date.now() - copy.at < FOR_DAYS * 864e5) return copy.fields;
      }
      return null;
    });
  const say = (form, words) => {
    const place = form.querySelector("[data-saved]");
    if (place && words) place.textContent = words;
  };

  const keepHere = (form) => {
    const fields = typed(form);
    if (!texts(fields)) return forget(form.dataset.keep, owner(form));
    const kept = store((local) => local.setItem(key(form.dataset.keep, owner(form)), JSON.stringify({ at: Date.now(), fields })) || true);
    if (kept && !form.dataset.save) say(form, form.querySelector("[data-saved]")?.dataset.here);
    return kept;
  };
  const keepThere = async (form) => {
    const state = timers.get(form);
    if (state.busy) {
      state.again = true;
      return;
    }
    state.busy = true;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if ("draft" in told && form.elements.draft) form.elements.draft.value = told.draft || "";
      say(form, told.said);
    } catch {
      say(form, form.querySelector("[data-saved]")?.dataset.here);
    }
    state.busy = false;
    if (state.again && !state.sent) {
      state.again = false;
      keepThere(form);
    }
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form) return;
    const state = timers.get(form) || {};
    timers.set(form, state);
    clearTimeout(state.here);
    clearTimeout(state.there);
    state.here = setTimeout(() => keepHere(form), 400);
    if (form.dataset.save) state.there = setTimeout(() => keepThere(form), 2500);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form) return;
    const state = timers.get(form);
    if (state) {
      clearTimeout(state.here);
      clearTimeout(state.there);
      state.sent = true;
    }
    keepHere(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (form.matches?.("form[data-keep]") && event.detail.successful) forget(form.dataset.keep, owner(form));
  });

  const offer = (form) => {
    const copy = recall(form);
    const pattern = document.getElementById("keep-offer");
    if (!copy || !pattern || form.previousElementSibling?.matches(".keep-offer")) return;
    if (!texts(copy) || texts(copy) === texts(typed(form))) return;
    const note = pattern.content.cloneNode(true).firstElementChild;
    note.querySelector("[data-quote]").textContent = texts(copy).slice(0, 80);
    note.querySelector("[data-take]").addEventListener("click", () => {
      for (const [name, value] of Object.entries(copy)) {
        const field = form.elements[name];
        if (field && field.type !== "checkbox" && field.type !== "hidden") field.value = value;
      }
      note.remove();
      form.querySelector("textarea")?.focus();
    });
    note.querySelector("[data-drop]").addEventListener("click", () => {
      forget(form.dataset.keep, owner(form));
      note.remove();
    });
    form.before(note);
  };

  /* The server says what has arrived. */
  const sent = document.cookie.match(/(?:^|; )sent=([^;]*)/);
  if (sent) {
    const who = new Set(["", ...forms(document).map(owner)]);
    for (const name of sent[1].split(".")) for (const one of who) forget(name, one);
    document.cookie = "sent=; path=/; max-age=0; samesite=lax";
  }
  forms(document).forEach(offer);
  document.addEventListener("htmx:load", (event) => forms(event.detail.elt).forEach(offer));
})();
