// The page's own script: presses are told to the server by name; what only concerns the view is done here.
window.reportqa ??= (() => {
  const store = (key, value) => { try { value === undefined ? 0 : localStorage.setItem(key, value); return localStorage.getItem(key); } catch { return null; } };

  const dark = () => document.body.classList.contains("dark");
  const paint = () => {
    const kept = store("report-qa-theme");
    if (kept) document.body.classList.toggle("dark", kept === "dark");
    document.documentElement.style.colorScheme = dark() ? "dark" : "light";
  };
  const flip = () => { store("report-qa-theme", dark() ? "light" : "dark"); paint(); };

  const copy = async (button) => {
    const text = button.dataset.text;
    try { await navigator.clipboard.writeText(text); }
    catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    button.classList.add("done"); button.dataset.said = button.dataset.done;
    setTimeout(() => button.classList.remove("done"), 1400);
  };

  const save = (file) => {
    if (!file || !file.name) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.text], { type: file.type }));
    link.download = file.name; link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 2000);
  };

  // A second press within four seconds confirms.
  const sure = (button) => {
    if (!button.dataset.sure || button.dataset.asked) return true;
    const label = button.textContent;
    button.dataset.asked = "1"; button.textContent = button.dataset.sure; button.classList.add("armed");
    setTimeout(() => { delete button.dataset.asked; button.textContent = label; button.classList.remove("armed"); }, 4000);
    return false;
  };

  // How far down inside its scrolling box something lies.
  const depth = (box, part) => part.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;

  const jump = (panel, line) => {
    const rows = [...panel.querySelectorAll(".ln")];
    const row = rows.find((r) => Number(r.dataset.line) >= Number(line));
    if (!row) return false;
    const page = panel.querySelector(".page");
    page.scrollTo({ top: depth(page, row) - page.clientHeight * 0.12, behavior: "smooth" });
    row.classList.remove("flash"); void row.offsetWidth; row.classList.add("flash");
    const outline = panel.querySelector(".outline"); if (outline) outline.open = false;
    return true;
  };

  const press = (element, button, trigger) => {
    const what = button.dataset.do;
    if (what === "theme") return flip();
    if (what === "side") return document.body.classList.toggle("side-open");
    if (what === "new" || what === "conversation") document.body.classList.remove("side-open");
    if (what === "copy") return copy(button);
    if (what === "csv") return csv(element);
    if (what === "note") {
      const form = button.parentElement.querySelector("form"); form.hidden = !form.hidden;
      if (!form.hidden) form.querySelector("input").focus();
      return;
    }
    if (what === "open" && button.dataset.jump && jump(element, button.dataset.jump)) return;
    if (!sure(button)) return;
    const form = button.closest("form");
    const said = form ? { note: form.querySelector("input").value } : {};
    trigger("act", { ...button.dataset, ...said });
  };

  // A quotation, or an entry of a list, leads to its lines as the mark after it does; unless it is being selected.
  const cited = (target) => {
    const said = target.closest(".answer q, .answer li");
    if (!said || target.closest(".sources") || !getSelection().isCollapsed) return null;
    const inside = said.querySelector(".cite");
    for (let next = said.nextElementSibling; !inside && next; next = next.nextElementSibling)
      if (next.matches(".cite")) return next;
    return inside;
  };

  // What a screen reader is told: a finished answer once, not the thread again at every step of its growing.
  const tell = (text) => {
    let place = document.getElementById("told");
    if (!place) {
      place = Object.assign(document.createElement("div"), { id: "told", role: "status" });
      place.setAttribute("aria-live", "polite");
      document.body.append(place);
    }
    place.textContent = text;
  };

  const wire = (element, trigger, watch, settle) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]") || cited(event.target);
      if (button && element.contains(button)) { event.preventDefault(); press(element, button, trigger); }
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = event.target.querySelector("[data-do]"); if (button) press(element, button, trigger);
    });
    element.addEventListener("keydown", (event) => {
      if (event.target.closest("input, textarea")) return;
      const step = { ArrowLeft: ".step-back", ArrowRight: ".step-on", Escape: "[data-do=close]" }[event.key];
      const button = step && element.querySelector(step);
      if (button) { event.preventDefault(); press(element, button, trigger); }
    });
    if (settle) { watch("value", () => requestAnimationFrame(() => settle(element))); requestAnimationFrame(() => settle(element)); }
  };

  // What was at the foot of the thread stays there when offered questions or the scope take some of its height.
  const keepFoot = (box) => {
    if (box.dataset.kept) return;
    box.dataset.kept = "1";
    let height = box.clientHeight;
    new ResizeObserver(() => {
      const foot = box.scrollHeight - box.scrollTop - height;
      if (box.clientHeight < height && foot < 60) box.scrollTo({ top: box.scrollHeight, behavior: "instant" });
      height = box.clientHeight;
    }).observe(box);
  };

  // The newest turn comes into view; the reader who scrolled up to an older one is left alone by everything else.
  let shown = 0;
  const toLatest = (element) => {
    const turns = element.querySelectorAll(".turn");
    const last = turns[turns.length - 1];
    const working = Boolean(element.querySelector(".working"));
    const key = turns.length * 2 + working;
    if (key === shown) return;
    const first = shown === 0;
    shown = key;
    const box = element.closest("#thread") || element;
    keepFoot(box);
    if (last) box.scrollTo({ top: depth(box, last) - 12, behavior: "smooth" });
    if (working) tell(last.querySelector(".working").textContent);
    else if (last && !first) tell([...last.querySelectorAll(".answer > p, .answer > ul")].map((part) => part.textContent).join("\n"));
    // The button that was pressed may be gone; whoever types goes on typing.
    const nobody = !document.activeElement || document.activeElement === document.body;
    if (!first && nobody && matchMedia("(pointer: fine)").matches) document.querySelector("#box textarea")?.focus({ preventScroll: true });
  };

  let open = "";
  const toCited = (element) => {
    const panel = element.querySelector(".src");
    const key = panel ? panel.dataset.key : "";
    document.body.classList.toggle("reading", Boolean(panel));
    if (!panel || key === open) { open = key; return; }
    open = key;
    const page = panel.querySelector(".page");
    const line = panel.querySelector(".ln.first");
    page.scrollTop = line ? depth(page, line) - page.clientHeight * 0.3 : 0;
    page.focus({ preventScroll: true });
  };

  // The table of figures: rows that pass the filter, their plot, their order, and the same as CSV.
  const rowsOf = (table) => [...table.querySelectorAll("tbody tr")];
  const passing = (table) => rowsOf(table).filter((row) => !row.hidden);
  const sift = (table) => {
    const words = table.querySelector("[data-filter]").value.toLowerCase().split(/\s+/).filter(Boolean);
    const whose = table.querySelector("select[data-whose]").value;
    for (const row of rowsOf(table)) {
      const said = row.textContent.toLowerCase();
      row.hidden = (whose && row.dataset.whose !== whose) || !words.every((word) => said.includes(word));
    }
    const left = passing(table);
    table.querySelector("[data-count]").textContent = left.length;
    plot(table, words.length ? left : []);
  };
  const plot = (table, rows) => {
    const box = table.querySelector(".facts-plot");
    box.replaceChildren();
    const units = {};
    for (const row of rows) (units[row.dataset.unit] ||= []).push(row);
    const alike = Object.values(units).sort((a, b) => b.length - a.length)[0] || [];
    if (alike.length < 2) return;
    const top = alike.sort((a, b) => b.dataset.value - a.dataset.value).slice(0, 12);
    const most = Math.max(...top.map((row) => Number(row.dataset.value))) || 1;
    for (const row of top) {
      const cells = row.querySelectorAll("td");
      const line = Object.assign(document.createElement("div"), { className: "plot-row" });
      const name = Object.assign(document.createElement("span"), { className: "name" });
      name.textContent = name.title = [0, 2, 3].map((n) => cells[n].textContent).filter(Boolean).join(" · ");
      const bar = Object.assign(document.createElement("span"), { className: "bar" });
      const length = document.createElement("i"); length.style.width = `${(100 * Number(row.dataset.value)) / most}%`;
      const value = document.createElement("em"); value.textContent = cells[4].textContent;
      bar.append(length, value); line.append(name, bar); box.append(line);
    }
  };
  const sort = (table, button) => {
    const column = Number(button.dataset.sort);
    const way = button.dataset.way === "1" ? -1 : 1;
    table.querySelectorAll("[data-way]").forEach((other) => delete other.dataset.way);
    button.dataset.way = way;
    const key = (row) => column === 4 ? Number(row.dataset.value) : column === 2 ? Number(row.dataset.month) : row.children[column].textContent;
    const order = (a, b) => typeof a === "number" ? a - b : a.localeCompare(b, "zh");
    table.querySelector("tbody").append(...rowsOf(table).sort((a, b) => way * order(key(a), key(b))));
  };
  // A cell that a spreadsheet would take for a formula is quoted as text.
  const cell = (text) => `"${(/^[=+\-@\t]/.test(text) ? "'" : "") + text.replaceAll('"', '""')}"`;
  const csv = (element) => {
    const table = element.querySelector(".facts-table");
    const heads = [...table.querySelectorAll("th")].map((th) => cell(th.textContent.trim()));
    const rows = passing(table).map((row) => [...row.children].map((td) => cell(td.textContent.trim())).join(","));
    save({ name: "facts.csv", type: "text/csv", text: "\ufeff" + [heads.join(","), ...rows].join("\r\n") + "\r\n" });
  };
  const toFacts = (element) => {
    const table = element.querySelector(".facts-table");
    if (!table) return;
    sift(table);
    if (element.dataset.wired) return;
    element.dataset.wired = "1";
    element.addEventListener("input", () => sift(element.querySelector(".facts-table")));
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-sort]");
      if (button) sort(element.querySelector(".facts-table"), button);
    });
  };

  // What Gradio says by itself, in English, said in the page's words.
  const reword = () => {
    const top = document.querySelector("header.top");
    if (!top) return;
    document.documentElement.lang = top.dataset.lang === "zh" ? "zh-CN" : "en";
    for (const toast of document.querySelectorAll("[data-testid=toast-text]")) {
      const better = /currently busy|queue is full/i.test(toast.textContent) ? top.dataset.full
        : /connection (errored|to the server)|failed to fetch/i.test(toast.textContent) ? top.dataset.lost : "";
      if (better && toast.textContent !== better) toast.textContent = better;
      const title = toast.closest("[data-testid=toast-body]")?.querySelector(".toast-title-row span");
      if (better && title) title.hidden = true;
    }
  };

  const begin = () => {
    paint();
    reword();
    new MutationObserver(reword).observe(document.body, { childList: true, subtree: true });
  };
  // Gradio may put this script into a document that is long there.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("#box")) {
      const stop = document.querySelector("#stop");
      if (stop && stop.offsetParent) stop.click();
    }
  });
  addEventListener("click", (event) => {
    if (!event.target.closest("#side, [data-do=side]")) document.body.classList.remove("side-open");
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  return { wire, toLatest, toCited, toFacts, paint, save };
})();
