// Small helps; every page works without them.
"use strict";

document.documentElement.classList.add("js");

// What was left blank on purpose is sent empty; what was not touched is not sent.
function leave(name, inside) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = "";
  inside.append(field);
}

function answered(inside, name) {
  inside.querySelectorAll(`:scope > input[type=hidden][name="${name}"]`).forEach((field) => field.remove());
}

// A slider that stands nowhere until it is touched: then it has a name, and is sent.
const PLACES = [5, 35, 65, 95];

function slider(box) {
  const range = box.querySelector("input[type=range]");
  const clear = box.querySelector(".clear");
  const words = box.dataset.words.split("|");
  const steps = box.parentElement.querySelector(".steps");

  const show = () => {
    const blank = !range.name;
    box.classList.toggle("blank", blank);
    clear.hidden = blank || range.matches(":disabled");
    const place = PLACES.filter((edge) => Number(range.value) >= edge).length;
    range.setAttribute("aria-valuetext", blank ? "left blank" : words[place]);
  };
  const touch = () => {
    answered(box, box.dataset.name);
    range.name = box.dataset.name;
    show();
  };
  const blank = () => {
    range.removeAttribute("name");
    range.value = 50;
    show();
  };

  steps.remove();
  box.hidden = false;
  range.disabled = false;
  if (box.dataset.was === "") {
    blank();
  } else {
    range.value = box.dataset.was;
    touch();
  }
  box.dataset.stood = range.name ? range.value : "";
  range.addEventListener("input", touch);
  range.addEventListener("change", touch);
  // A tap in the very middle moves nothing, and still is an answer.
  range.addEventListener("pointerup", touch);
  range.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      touch();
    }
  });
  clear.addEventListener("click", () => {
    blank();
    leave(box.dataset.name, box);
    range.focus();
  });
}

// One of several options can be left blank again.
function choice(field) {
  const clear = field.querySelector(":scope > .clear");
  if (!clear) return;
  const inputs = [...field.querySelectorAll(":scope > .options input")];
  const name = inputs[0].name;
  const show = () => {
    clear.hidden = !inputs.some((input) => input.checked && input.value !== "");
  };
  inputs.forEach((input) =>
    input.addEventListener("change", () => {
      answered(field, name);
      show();
    }),
  );
  clear.addEventListener("click", () => {
    inputs.forEach((input) => {
      input.checked = false;
    });
    leave(name, field);
    show();
    inputs[0].focus();
  });
  show();
}

// What was written and is not sent yet is never lost by a tap. It is kept nowhere else.
const isWritten = (field) => {
  if (field.matches("[type=range]")) {
    return (field.name ? field.value : "") !== field.closest(".slider").dataset.stood;
  }
  if (field.matches("select")) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
  return !field.matches("[type=hidden]") && field.value !== field.defaultValue;
};

const unsent = (but) =>
  [...document.querySelectorAll("form[data-words]")].filter(
    (form) =>
      form !== but &&
      (form.hasAttribute("data-unsent") ||
        [...form.querySelectorAll("input, select, textarea")].some(isWritten)),
  );

let going = false;
const mayGo = (but) => unsent(but).length === 0 || confirm("What you wrote here is not kept yet. Go on without it?");

addEventListener("beforeunload", (event) => {
  if (!going && unsent().length > 0) event.preventDefault();
});
document.addEventListener("input", () => {
  going = false;
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.hasAttribute("data-looks")) {
    // What is found stands beside what is being written.
    form.target = unsent(form).length > 0 ? "_blank" : "";
    return;
  }
  // Whoever leaves, leaves at once.
  going = form.hasAttribute("data-leave") || mayGo(form);
  if (!going) event.preventDefault();
});

// Help shows in place: the page below it stays as it is.
const beside = document.querySelector("#beside");

async function show(link) {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  beside.querySelector("div").replaceChildren(...page.querySelector("main").childNodes);
  if (!beside.open) beside.showModal();
  beside.querySelector("article").focus();
  beside.querySelector("article").scrollTop = 0;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.hasAttribute("data-beside") && beside?.showModal) {
    event.preventDefault();
    show(link).catch(() => window.open(link.href, "_blank", "noopener"));
  } else if (link.target !== "_blank" && !link.getAttribute("href").startsWith("#")) {
    going = mayGo();
    if (!going) event.preventDefault();
  }
});

// Who writes is here, though no page is asked for: said now and then, and kept nowhere.
function visit(body) {
  const { here } = body.dataset;
  const [idle, fresh] = [body.dataset.idleS * 1000, body.dataset.freshS * 1000];
  const soon = document.querySelector("#ends-soon");
  const ended = document.querySelector("#has-ended");
  const windows = new BroadcastChannel("seen");
  let last = Date.now();
  let asked = 0;

  const seen = () => {
    last = Date.now();
    soon.hidden = true;
    ended.hidden = true;
  };
  const stay = async () => {
    const answer = await fetch(here, { redirect: "manual" });
    if (answer.ok) {
      seen();
      windows.postMessage("seen");
    } else if (answer.type === "opaqueredirect") {
      last = -Infinity; // it leads to the page for coming in
      look();
    }
  };
  const look = () => {
    const since = Date.now() - last;
    ended.hidden = since < idle || !goes();
    soon.hidden = since < idle - 2 * fresh || since >= idle;
  };

  windows.addEventListener("message", seen);
  windows.postMessage("seen");
  document.addEventListener("input", () => {
    const now = Date.now();
    if (ended.hidden && Math.min(now - last, now - asked) > 4 * fresh) {
      asked = now;
      stay().catch(look);
    }
  });
  soon.querySelector("button").addEventListener("click", () => stay().catch(look));
  setInterval(look, fresh / 4);
  document.addEventListener("visibilitychange", look);
}

// Once a visit is over its page goes from the screen, unless words in it wait to be sent.
function goes() {
  const waits = unsent().length > 0;
  if (!waits) location.replace("/");
  return waits;
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) goes();
});

document.querySelectorAll("body[data-here]").forEach(visit);

document.querySelectorAll(".slider").forEach(slider);
document.querySelectorAll("fieldset.asks.choice").forEach(choice);

// The code of a room, or of an invitation, stands behind the # of a scanned address, which
// no server is sent.
const code = document.querySelector("[data-from-hash]");
const looksLikeCode = { invitation: /^#[0-9a-z-]{28,40}$/ }[code?.dataset.fromHash] ?? /^#\d{6}$/;
if (code && looksLikeCode.test(location.hash)) {
  code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  document.querySelectorAll("[data-without-code]").forEach((each) => { each.hidden = true; });
}

// A part that changes by itself waits while somebody is writing in it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const writing = [...event.detail.target.querySelectorAll("textarea")];
  if (writing.some((area) => area.value !== "" || area === document.activeElement)) {
    event.detail.shouldSwap = false;
  }
});
