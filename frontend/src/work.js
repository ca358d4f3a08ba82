// Time with this page in front: from one sign of life to the next, unless that was a pause.
import { send } from "./swap.js";

const PAUSE = 5 * 60 * 1000; // as gradus.core.work has it
const REPORT = 20 * 1000;
const SIGNS = ["keydown", "pointermove", "pointerdown", "wheel", "scroll"];

export function followWork(lab) {
  let last = null; // the last sign since the page came to the front
  let worked = 0;

  const isInFront = () => !document.hidden && document.hasFocus();
  const sign = () => {
    if (!isInFront()) return;
    const now = performance.now();
    if (last !== null && now - last <= PAUSE) worked += now - last;
    last = now;
  };
  const report = () => {
    if (worked < 1000) return;
    const fields = { seconds: (worked / 1000).toFixed(3), ago: ((performance.now() - last) / 1000).toFixed(3) };
    worked = 0;
    send(`/labs/${lab}/time`, fields).catch(() => {}); // time that nobody took is not counted
  };
  const leave = () => { report(); last = null; worked = 0; };

  for (const name of SIGNS) addEventListener(name, sign, { passive: true, capture: true });
  addEventListener("focus", sign);
  addEventListener("blur", leave);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : sign()));
  setInterval(report, REPORT);
  sign();
}
