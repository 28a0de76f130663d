/* Writing in company: pictures by picking, pasting and dropping, and names after an @. It is fetched when somebody
   begins to write (sprout.js); without it pictures go along with the form and names are typed. */
(() => {
  "use strict";
  const SHRINK_FROM = 3_000_000;
  const LONGEST = 3000;
  const KNOWN = ["image/jpeg", "image/png", "image/webp", "image/gif"];

  const boxOf = (one) => one.closest("form")?.querySelector("[data-pictures]");
  const textOf = (one) => one.closest("form").querySelector("textarea[name=body]");
  const changed = (text) => text.dispatchEvent(new Event("input", { bubbles: true }));
  const insert = (text, words) => {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    changed(text);
  };

  /* ---- Pictures ---- */
  const inText = (number) => new RegExp(`!\\[((?:[^\\[\\]\\\\]|\\\\.)*)\\]\\(((?:https?://[^/\\s)]+)?/pictures/${number}/)\\)`, "g");
  const tame = (words) => words.replace(/[[\]\\<>`*_]/g, " ").replace(/\s+/g, " ").trim();

  /* What a phone takes is larger than what is shown; made smaller here it arrives sooner. */
  const smaller = async (file) => {
    if (file.type === "image/gif" || (KNOWN.includes(file.type) && file.size < SHRINK_FROM)) return file;
    try {
      const seen = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST / Math.max(seen.width, seen.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(seen.width * scale);
      canvas.height = Math.round(seen.height * scale);
      canvas.getContext("2d").drawImage(seen, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
      return made && made.size < file.size ? new File([made], "picture.jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  };

  const complain = (box, sentence) => {
    const kept = box.parentElement.querySelector("template.picture-fault").content.cloneNode(true);
    if (sentence) kept.querySelector("span").textContent = sentence;
    box.querySelector("[data-picture-faults]").append(kept);
  };

  const upload = async (box, file) => {
    const text = textOf(box);
    const wait = document.createElement("p");
    const bar = document.createElement("progress");
    const name = document.createElement("span");
    name.textContent = file.name || "";
    wait.className = "thumb-wait";
    bar.max = 1;
    bar.setAttribute("aria-label", file.name || "…");
    wait.append(name, bar);
    box.querySelector("[data-thumbs]").append(wait);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", box.closest("form").querySelector("[name=csrfmiddlewaretoken]").value);
    const sent = await smaller(file);
    body.append("picture", sent, sent.name || "");
    return new Promise((done) => {
      const call = new XMLHttpRequest();
      call.open("POST", box.dataset.upload);
      call.upload.onprogress = (event) => event.lengthComputable && (bar.value = event.loaded / event.total);
      call.onload = () => {
        const plain = (call.getResponseHeader("Content-Type") || "").startsWith("text/plain");
        if (call.status !== 201) complain(box, plain ? call.responseText : "");
        else {
          const kept = document.createElement("template");
          kept.innerHTML = call.responseText;
          wait.before(kept.content);
          const before = text.value.slice(0, text.selectionStart);
          const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
          insert(text, `${gap}${call.getResponseHeader("X-Picture")}\n\n`);
        }
      };
      call.onerror = () => complain(box, "");
      call.onloadend = () => {
        wait.remove();
        done();
      };
      call.send(body);
    });
  };

  const take = async (box, files) => {
    box.querySelector("[data-picture-faults]").replaceChildren();
    for (const file of files) await upload(box, file);
    box.querySelector(".thumb:last-child input:placeholder-shown")?.focus();
  };
  const pick = (picker) => {
    const files = [...picker.files];
    picker.value = "";
    take(picker.closest("[data-pictures]"), files);
  };
  const pictures = (transfer) => [...(transfer?.files || [])].filter((file) => file.type.startsWith("image/"));

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pictures] input[type=file]")) pick(event.target);
    if (event.target.matches(".thumb input[name=decorative]")) {
      const words = event.target.closest(".thumb").querySelector("input[name^=alt-]");
      words.readOnly = event.target.checked;
      if (event.target.checked) words.value = "";
      describe(words);
    }
  });
  const describe = (words) => {
    const text = textOf(words);
    const before = text.value;
    text.value = before.replace(inText(words.name.slice(4)), (_all, _old, address) => `![${tame(words.value)}](${address})`);
    if (text.value !== before) changed(text);
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches(".thumb input[name^=alt-]")) describe(event.target);
  });
  document.addEventListener("click", (event) => {
    const drop = event.target.closest(".thumb button[name=drop]");
    if (!drop) return;
    event.preventDefault();
    const text = textOf(drop);
    text.value = text.value.replace(inText(drop.value), "").replace(/\n{3,}/g, "\n\n");
    drop.closest(".thumb").remove();
    changed(text);
    text.focus();
  });
  document.addEventListener("paste", (event) => {
    const box = event.target.matches?.("textarea[name=body]") && boxOf(event.target);
    const files = pictures(event.clipboardData);
    if (!box || !files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(box, files);
  });
  const over = (event) => {
    const box = event.target.closest?.("form") && boxOf(event.target);
    return box && [...(event.dataTransfer?.types || [])].includes("Files") ? box : null;
  };
  document.addEventListener("dragover", (event) => {
    const box = over(event);
    if (box) event.preventDefault();
    box?.classList.add("pictures-over");
  });
  for (const kind of ["dragleave", "drop"]) document.addEventListener(kind, (event) => over(event)?.classList.remove("pictures-over"));
  document.addEventListener("drop", (event) => {
    const box = over(event);
    if (!box) return;
    event.preventDefault();
    take(box, pictures(event.dataTransfer));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-reset]");
    if (form && event.detail.successful) form.querySelector("[data-thumbs]")?.replaceChildren();
  });

  /* ---- Names ---- */
  const BEGUN = /(?:^|[^A-Za-z0-9_.+\-/@])@([\p{L}\p{N}_.-]{0,30})$/u;
  let list = null;
  let asked = 0;
  const close = () => {
    if (!list) return;
    list.text.removeAttribute("aria-activedescendant");
    list.text.removeAttribute("aria-controls");
    list.node.remove();
    list = null;
  };
  const mark = (at) => {
    const rows = [...list.node.children];
    list.at = (at + rows.length) % rows.length;
    for (const [place, row] of rows.entries()) row.setAttribute("aria-selected", String(place === list.at));
    list.text.setAttribute("aria-activedescendant", rows[list.at].id);
    rows[list.at].scrollIntoView({ block: "nearest" });
  };
  const choose = (row) => {
    const { text, begun } = list;
    const end = text.selectionStart;
    text.setRangeText(`@${row.dataset.username} `, end - begun.length - 1, end, "end");
    close();
    changed(text);
    text.focus();
  };
  const offer = (text, begun, { people, hint }) => {
    close();
    if (!people.length) return;
    const node = document.createElement("ul");
    node.className = "names";
    node.id = `${text.id}-names`;
    node.setAttribute("role", "listbox");
    node.setAttribute("aria-label", hint);
    for (const [place, one] of people.entries()) {
      const row = document.createElement("li");
      const name = document.createElement("b");
      const more = document.createElement("span");
      row.id = `${node.id}-${place}`;
      row.setAttribute("role", "option");
      row.dataset.username = one.username;
      name.textContent = one.name;
      more.textContent = [`@${one.username}`, one.title].filter(Boolean).join(" · ");
      row.append(name, more);
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        choose(row);
      });
      node.append(row);
    }
    text.after(node);
    text.setAttribute("aria-controls", node.id);
    list = { node, text, begun, at: 0 };
    mark(0);
  };
  let timer = 0;
  const seek = (text) => {
    const box = boxOf(text);
    const begun = box?.dataset.names && BEGUN.exec(text.value.slice(0, text.selectionStart))?.[1];
    clearTimeout(timer);
    if (begun === undefined || begun === null || begun === "" && !box?.dataset.post) return close();
    const number = ++asked;
    timer = setTimeout(() => {
      fetch(`${box.dataset.names}?${new URLSearchParams({ q: begun, post: box.dataset.post || "" })}`)
        .then((answer) => answer.json())
        .then((found) => number === asked && document.activeElement === text && offer(text, begun, found))
        .catch(close);
    }, 150);
    return null;
  };
  document.addEventListener("input", ({ target, isTrusted, isComposing }) => {
    if (target.matches("textarea[name=body]") && isTrusted && !isComposing) seek(target);
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== list.text) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) mark(list.at + moves[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") choose(list.node.children[list.at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => list && event.target === list.text && close());

  /* What was begun before this arrived. */
  if (document.activeElement?.matches("textarea[name=body]")) seek(document.activeElement);
  for (const picker of document.querySelectorAll("[data-pictures] input[type=file]")) if (picker.files.length) pick(picker);
})();
