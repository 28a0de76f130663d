/* Sprout's own script: everything here works without it too, in a page more. */
(() => {
  "use strict";
  const root = document.documentElement;
  const toasts = () => document.getElementById("toasts");
  const plain = (text) => text.trim();

  const say = (id) => {
    const kept = document.getElementById(id);
    if (kept) toasts().append(kept.content.cloneNode(true));
  };

  /* Pages for visitors carry no token: it is fetched at the first intent, once. */
  let asked = null;
  const session = () => {
    asked = asked || fetch("/session/", { headers: { Accept: "application/json" } }).then((answer) => answer.json());
    return asked;
  };

  /* Language and theme change without a page between. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-look]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const { name, value } = event.submitter;
    const body = new URLSearchParams({ [name]: value });
    session()
      .then(({ token }) => fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual" }))
      .then(() => {
        if (name !== "theme") return window.location.reload();
        if (value === "auto") delete root.dataset.theme;
        else root.dataset.theme = value;
        for (const other of form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === event.submitter));
        return null;
      })
      .catch(() => form.submit());
  });

  /* A link is copied where the browser can. */
  const share = () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  };
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => say("toast-copied"));
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog")?.close();
  });

  /* What a visitor begins opens in a dialog; closing it gives the focus back. */
  const open = (dialog) => {
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector("input[type=email], button")?.focus();
  };

  /* While somebody types: ask only when there is enough to ask for, and send no more than is needed. */
  const han = /[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]/g;
  const saysEnough = (title) => {
    const signs = (title.match(han) || []).length;
    const words = plain(title.replace(han, " ")).split(/\s+/).filter((word) => word.length > 1).length;
    return signs >= 4 || words >= 2 || (signs >= 2 && words >= 1);
  };
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (!elt.matches("[data-similar]")) return;
    if (!saysEnough(parameters.title || "")) {
      elt.replaceChildren();
      event.preventDefault();
    }
    parameters.body = (parameters.body || "").slice(0, 800);
  });

  /* A refusal says where it belongs; anything else that fails says so and keeps what was typed. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    const told = xhr.getResponseHeader("HX-Retarget");
    event.detail.shouldSwap = Boolean(told);
    event.detail.isError = !told;
    if (!told) say("toast-broken");
  });
  document.addEventListener("htmx:sendError", () => say("toast-broken"));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "act") open(event.detail.target);
    const box = event.detail.target.querySelector?.("form textarea");
    if (box && event.detail.target.id.startsWith("reply-")) box.focus();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-reset]");
    if (form && event.detail.successful) form.reset();
  });

  /* What helps to write is fetched when somebody begins to: until then nobody pays for it. */
  const bring = ({ target }) => {
    const address = target.closest?.("form")?.querySelector("[data-script]")?.dataset.script;
    if (!address || document.querySelector(`script[src="${address}"]`)) return;
    const script = document.createElement("script");
    script.src = address;
    script.onerror = () => script.remove(); // the next touch asks again
    document.head.append(script);
  };
  for (const kind of ["pointerover", "focusin", "change", "dragenter"]) document.addEventListener(kind, bring);

  /* A quote is of what is marked, else of the whole. */
  let marked = "";
  document.addEventListener("mousedown", (event) => {
    const link = event.target.closest?.("[data-quote]");
    const chosen = window.getSelection();
    const said = link && document.getElementById(link.dataset.quote);
    marked = said && chosen.rangeCount && said.contains(chosen.anchorNode) && said.contains(chosen.focusNode) ? chosen.toString().trim() : "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const asker = event.detail.requestConfig?.elt;
    const target = event.detail.target;
    // A form that was replaced stands there anew under its old name.
    const place = target.isConnected ? target : document.getElementById(target.id);
    const text = asker?.matches?.("[data-quote]") && place?.querySelector("textarea[name=body]");
    if (!text) return;
    if (marked) {
      const lines = marked.slice(0, 700).split(/\n+/).map((line) => `> ${line.trim()}`).join("\n>\n");
      text.value = `${text.value.split("\n", 1)[0]}\n>\n${lines}\n\n`;
      marked = "";
    }
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  });

  /* The browser knows its time zone. */
  const zone = () => {
    const field = document.querySelector("form[data-zone] select[name=time_zone]");
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (field && field.value === "UTC" && [...field.options].some((option) => option.value === here)) field.value = here;
  };

  share();
  zone();
  bring({ target: document.activeElement || document });
})();
