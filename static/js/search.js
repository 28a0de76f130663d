/* The search box suggests while one types: a combobox over what the server answers. */
(() => {
  "use strict";
  const parts = (input) => {
    const box = document.getElementById(`${input.id}-list`);
    return { box, options: [...box.querySelectorAll("[role=option]")] };
  };
  const choose = (input, at) => {
    const { options } = parts(input);
    options.forEach((one, place) => {
      one.id = `${input.id}-${place}`;
      one.setAttribute("aria-selected", String(place === at));
    });
    if (options[at]) input.setAttribute("aria-activedescendant", options[at].id);
    else input.removeAttribute("aria-activedescendant");
    options[at]?.scrollIntoView({ block: "nearest" });
  };
  const close = (input) => {
    parts(input).box.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  for (const input of document.querySelectorAll("[data-find] input[type=search]")) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", `${input.id}-list`);
    input.addEventListener("keydown", (event) => {
      const { options } = parts(input);
      const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        /* One place more than there are options: there, nothing is chosen and Enter searches for the words. */
        choose(input, ((at + 1 + step + options.length + 1) % (options.length + 1)) - 1);
      } else if (event.key === "Enter" && options[at]) {
        event.preventDefault();
        options[at].querySelector("a").click();
      } else if (event.key === "Escape" && options.length) {
        event.preventDefault();
        close(input);
      }
    });
    input.form.addEventListener("focusout", (event) => {
      if (!input.form.contains(event.relatedTarget)) setTimeout(() => close(input), 150);
    });
    parts(input).box.addEventListener("htmx:afterSwap", () => {
      input.setAttribute("aria-expanded", String(parts(input).options.length > 0));
      input.removeAttribute("aria-activedescendant");
    });
  }
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (!elt.closest("[data-find]")) return;
    if ((parameters.q || "").trim()) return;
    event.preventDefault();
    close(elt);
  });
})();
