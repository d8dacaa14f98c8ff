// Buttons that ask the device who one is: shown once a press is listened to, not before.
"use strict";

document.querySelectorAll("script[data-passkey]").forEach((told) => {
  const listen = window.allauth.webauthn.forms[told.dataset.passkey];
  listen(JSON.parse(told.textContent));
  document.documentElement.classList.add("passkeys");
});
