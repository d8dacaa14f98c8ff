// A recording in detail. Without this there are its picture, and its numbers by the minute.
"use strict";

// The shortest stretch that is shown, and what is shown on both sides of a moment.
const SHORTEST_S = 10;
const BESIDE_S = 30;
const ROOM = 110;

const clock = (seconds) => {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

// From the lowest value to nearly the highest: one jump does not flatten all the rest.
function reach(values) {
  const there = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (there.length === 0) return [0, 1];
  const low = there[0];
  const high = there[Math.floor((there.length - 1) * 0.995)];
  return [low, high > low ? high : low + 1];
}

function offer(box) {
  const [open, charts, tools, told] = ["open", "charts", "tools", "told"].map((name) =>
    box.querySelector(`[data-is=${name}]`),
  );
  let series = null;
  let drawn = [];
  let shown = [0, 1];

  // Both always show the same stretch.
  const show = (from, to) => {
    const end = series.end;
    const long = Math.min(Math.max(to - from, Math.min(SHORTEST_S, end)), end);
    const start = Math.min(Math.max((from + to - long) / 2, 0), end - long);
    shown = [start, start + long];
    drawn.forEach((chart) => chart.setScale("x", { min: shown[0], max: shown[1] }));
    const words = `From ${clock(shown[0])} to ${clock(shown[1])} of ${clock(end)}`;
    told.textContent = words;
    charts.setAttribute("aria-label", `${charts.dataset.words} ${words}.`);
  };
  const moves = {
    closer: (middle, half) => [middle - half / 2, middle + half / 2],
    wider: (middle, half) => [middle - half * 2, middle + half * 2],
    earlier: (middle, half) => [middle - half * 2, middle],
    later: (middle, half) => [middle, middle + half * 2],
    whole: () => [0, series.end],
  };

  const shade = (chart) => {
    const { left, top, width, height } = chart.bbox;
    chart.ctx.save();
    chart.ctx.beginPath();
    chart.ctx.rect(left, top, width, height);
    chart.ctx.clip();
    chart.ctx.fillStyle = chart.shade;
    series.moments.forEach(([start, end]) => {
      const at = chart.valToPos(start, "x", true);
      chart.ctx.fillRect(at, top, Math.max(2, chart.valToPos(end, "x", true) - at), height);
    });
    chart.ctx.restore();
  };

  const chartOf = (which, isLast) => {
    const place = document.createElement("div");
    const heading = document.createElement("p");
    heading.className = "small";
    heading.textContent = charts.dataset[which];
    charts.append(heading, place);
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--soft").trim();
    const axis = {
      stroke: ink,
      grid: { show: false },
      ticks: { stroke: ink, width: 1 },
      values: (_, ticks) => ticks.map(clock),
      incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600],
      space: 56,
    };
    const options = {
      width: charts.clientWidth,
      height: ROOM + (isLast ? 40 : 0),
      legend: { show: false },
      padding: [4, 22, isLast ? 0 : 4, 22],
      cursor: { y: false, points: { show: false }, sync: { key: "both" }, drag: { x: true, y: false, setScale: false } },
      select: { show: true },
      scales: { x: { time: false }, y: { range: () => series.reach[which] } },
      axes: [isLast ? axis : { show: false }, { show: false }],
      series: [{}, { stroke: style.getPropertyValue(`--${which}`).trim(), width: 1.25, points: { show: false } }],
      hooks: {
        drawClear: [shade],
        setSelect: [
          (chart) => {
            const { left, width } = chart.select;
            if (width < 4) return;
            show(chart.posToVal(left, "x"), chart.posToVal(left + width, "x"));
            drawn.forEach((each) => each.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false));
          },
        ],
      },
    };
    const chart = new uPlot(options, [series.times, series[which]], (made, init) => {
      made.shade = style.getPropertyValue("--rule").trim();
      init();
      place.append(made.root);
    });
    chart.over.addEventListener("dblclick", () => show(0, series.end));
    slides(chart);
    return chart;
  };

  // A finger takes the stretch along; up and down it moves the page.
  const slides = (chart) => {
    let at = null;
    chart.over.addEventListener("pointerdown", (event) => {
      at = event.pointerType === "touch" ? event.clientX : null;
    });
    chart.over.addEventListener("pointermove", (event) => {
      if (at === null) return;
      const by = ((at - event.clientX) / chart.over.clientWidth) * (shown[1] - shown[0]);
      at = event.clientX;
      show(shown[0] + by, shown[1] + by);
    });
    ["pointerup", "pointercancel"].forEach((name) =>
      chart.over.addEventListener(name, () => {
        at = null;
      }),
    );
  };

  const draw = () => {
    drawn.forEach((chart) => chart.destroy());
    charts.replaceChildren();
    drawn = ["client", "therapist"].map((which, i) => chartOf(which, i === 1));
    show(...shown);
  };

  const load = async () => {
    const answer = await fetch(box.dataset.series, { redirect: "manual" });
    if (!answer.ok) throw new Error("not here");
    const { step_s: step, ...found } = await answer.json();
    const n = found.client.length;
    series = {
      ...found,
      times: Array.from({ length: n }, (_, i) => i * step),
      end: Math.max(n * step, step),
      reach: { client: reach(found.client), therapist: reach(found.therapist) },
    };
    shown = [0, series.end];
    charts.hidden = false;
    tools.hidden = false;
    draw();
    open.hidden = true;
    tools.querySelector("button").focus();
    new ResizeObserver(() => {
      if (charts.clientWidth === drawn[0].width) return;
      drawn.forEach((chart) => chart.setSize({ width: charts.clientWidth, height: chart.height }));
    }).observe(charts);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  };

  open.hidden = false;
  open.addEventListener("click", () => {
    told.textContent = "";
    load().catch(() => {
      told.textContent = "That could not be had just now. The picture and its numbers are above.";
    });
  });
  tools.addEventListener("click", (event) => {
    const asked = event.target.closest("button")?.dataset ?? {};
    const move = moves[asked.do];
    if (move) show(...move((shown[0] + shown[1]) / 2, (shown[1] - shown[0]) / 2));
    if (asked.from) show(Number(asked.from) - BESIDE_S, Number(asked.to) + BESIDE_S);
  });
}

document.querySelectorAll("[data-series]").forEach(offer);
