/* The stack under a thumb: swipe or arrow keys press the buttons that are there anyway. */
(() => {
  "use strict";
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const SIDES = { pass: "deck-left", want: "deck-right", skip: "deck-down" };
  const root = document.querySelector("[data-sorting]");
  if (!root) return;
  const deck = () => root.querySelector(".deck");
  const button = (say) => root.querySelector(`[data-answers] [value=${say}]`);
  let answered = false;

  const fly = (say) => {
    const card = deck()?.firstElementChild;
    if (!card) return;
    deck().classList.add("deck-moving");
    card.removeAttribute("style");
    if (!still.matches) card.classList.add(SIDES[say]);
  };
  const press = (say) => {
    const one = button(say);
    if (!one || answered) return;
    one.click();
  };
  root.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-answers]")) return;
    answered = true;
    fly(event.submitter?.value || "skip");
  });

  /* Arrow keys, unless somebody writes; down only on the card itself, so that the page still scrolls. */
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [role=listbox]")) return;
    const onCard = event.target.closest("[data-top], [data-answers]");
    const say = { ArrowLeft: "pass", ArrowRight: "want", ArrowDown: onCard && "skip" }[event.key];
    if (!say || !button(say)) return;
    event.preventDefault();
    press(say);
  });

  /* A swipe follows the finger; far enough it is an answer, else the card comes back. */
  let from = null;
  const say = (x) => (Math.abs(x) < 90 ? "" : x > 0 ? "want" : "pass");
  const near = (name) => {
    for (const one of root.querySelectorAll("[data-answers] [value]")) one.classList.toggle("is-near", one.value === name);
  };
  root.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("article[data-top]");
    if (!card || !deck() || event.button || event.target.closest("a, button") || event.pointerType === "mouse") return;
    from = { x: event.clientX, y: event.clientY, card, id: event.pointerId };
  });
  root.addEventListener("pointermove", (event) => {
    if (!from || event.pointerId !== from.id) return;
    const x = event.clientX - from.x;
    if (!from.moving && Math.abs(x) < 10) return;
    from.moving = true;
    from.card.setPointerCapture?.(event.pointerId);
    deck().classList.add("deck-moving");
    if (!still.matches) from.card.style.transform = `translateX(${x}px) rotate(${x / 24}deg)`;
    near(say(x));
  });
  const end = (event) => {
    if (!from || event.pointerId !== from.id) return;
    const { card, moving, x } = from;
    from = null;
    near("");
    if (!moving) return;
    const found = event.type === "pointerup" ? say(event.clientX - x) : "";
    if (found) return press(found);
    card.classList.add("deck-back");
    card.removeAttribute("style");
    setTimeout(() => {
      card.classList.remove("deck-back");
      deck()?.classList.remove("deck-moving");
    }, 230);
    return null;
  };
  root.addEventListener("pointerup", end);
  root.addEventListener("pointercancel", end);

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!root.contains(event.detail.elt) && event.detail.target !== root) return;
    answered = false;
    if (event.detail.successful) return;
    deck()?.classList.remove("deck-moving");
    deck()?.firstElementChild?.classList.remove(...Object.values(SIDES));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== root) return;
    root.querySelector("[data-top]")?.focus({ preventScroll: true });
  });
})();
