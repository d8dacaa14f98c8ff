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

document.querySelectorAll(".slider").forEach(slider);
document.querySelectorAll("fieldset.asks.choice").forEach(choice);

// The code of a room, or of an invitation, stands behind the # of a scanned address, which
// no server is sent.
const code = document.querySelector("[data-from-hash]");
const looksLikeCode = { invitation: /^#[0-9a-z-]{28,40}$/ }[code?.dataset.fromHash] ?? /^#\d{6}$/;
if (code && looksLikeCode.test(location.hash)) {
  code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

// A part that changes by itself waits while somebody is writing in it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const writing = [...event.detail.target.querySelectorAll("textarea")];
  if (writing.some((area) => area.value !== "" || area === document.activeElement)) {
    event.detail.shouldSwap = false;
  }
});

// Once a visit is over its page goes from the screen, unless answers in it wait to be sent.
let waiting = false;
["input", "pointerup", "keydown"].forEach((name) =>
  document.addEventListener(name, (event) => {
    waiting ||= name === "input" || event.target.type === "range";
  }),
);

function clear() {
  if (!waiting) location.replace("/");
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) clear();
});

// When somebody last looked, in any window of this browser: the server counts alike.
const idle = Number(document.body.dataset.idle) * 1000;
if (idle) {
  let looked = Date.now();
  const windows = new BroadcastChannel("looked");
  windows.addEventListener("message", () => {
    looked = Date.now();
  });
  windows.postMessage("");
  const look = () => {
    if (Date.now() - looked > idle) clear();
  };
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", look);
}
