// The manager's charts: data from the page, colours from the theme in force, drawn as SVG; tables beside them say the same.
(() => {
  "use strict";
  const symbols = ["circle", "rect", "triangle", "diamond"];
  const dashes = ["solid", "dashed", "dotted", [10, 3, 2, 3]];
  const drawn = new Map();

  function colours() {
    const probe = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    probe.setAttribute("class", "chart-probe");
    // Beside the page: within it, a change of theme reaches deeper parts frame by frame where motion is reduced.
    document.documentElement.append(probe);
    // One of its own for each: an element that changes its class may be on its way from the old colour to the new one.
    const fill = (name) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("class", name);
      return getComputedStyle(probe.appendChild(rect)).fill;
    };
    const found = {
      text: fill("chart-text"), faint: fill("chart-faint"), grid: fill("chart-grid"), ground: fill("chart-ground"),
      series: ["series-1", "series-2", "series-3", "series-4"].map(fill),
    };
    probe.remove();
    return found;
  }

  function base(paint) {
    return {
      animation: false,
      textStyle: { color: paint.text, fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { renderMode: "richText", backgroundColor: paint.ground, borderColor: paint.grid, textStyle: { color: paint.text } },
    };
  }

  const lineOf = (paint) => ({ lineStyle: { color: paint.grid } });

  function lines(data, paint) {
    const told = (items) => [items[0].axisValue, ...items.filter((item) => item.value !== null && item.value !== undefined).map(
      (item) => `${item.seriesName}  ${item.value}${data.unit}  (${data.series[item.seriesIndex].samples[item.dataIndex]})`)].join("\n");
    const option = base(paint);
    return {
      ...option,
      tooltip: { ...option.tooltip, trigger: "axis", formatter: told },
      legend: { top: 0, textStyle: { color: paint.text }, itemWidth: 34 },
      grid: { left: 46, right: 16, top: 56, bottom: 28 },
      xAxis: { type: "category", data: data.axis, axisLine: lineOf(paint), axisLabel: { color: paint.faint } },
      yAxis: { type: "value", min: 0, max: 100, axisLabel: { color: paint.faint, formatter: `{value}${data.unit}` }, splitLine: lineOf(paint) },
      series: data.series.map((one, n) => ({
        type: "line", name: one.name, data: one.values, symbol: symbols[n], symbolSize: 8, connectNulls: false,
        itemStyle: { color: paint.series[n] }, lineStyle: { color: paint.series[n], type: dashes[n], width: 2 },
      })),
    };
  }

  function intervals(data, paint) {
    const rows = [...data.rows].reverse();
    const between = (row) => (row.low === null ? "—" : `${row.low.toFixed(2)}–${row.high.toFixed(2)}`);
    const told_of = (row) => (row.mean === null ? "" : row.mean.toFixed(2) + (row.low === null ? "" : `  [${between(row)}]`));
    const name = (row) => `${row.name}\nn = ${row.n}${row.n && row.n < data.few ? ` ${data.words.few}` : ""}`;
    const told = (item) => {
      const row = rows[item.dataIndex];
      return `${row.name}\n${data.words.mean}  ${row.mean === null ? "—" : row.mean.toFixed(2)}\n${data.words.interval}  ${between(row)}\n${data.words.sample}  ${row.n}`;
    };
    const option = base(paint);
    return {
      ...option,
      tooltip: { ...option.tooltip, trigger: "item", formatter: told },
      grid: { left: 8, right: 56, top: 16, bottom: 8, containLabel: true },
      xAxis: { type: "value", min: data.least, max: data.most, interval: 1, axisLabel: { color: paint.faint }, splitLine: lineOf(paint) },
      yAxis: { type: "category", data: rows.map(name), axisLine: lineOf(paint), axisTick: { show: false }, axisLabel: { color: paint.text, lineHeight: 16 } },
      series: [
        { type: "bar", stack: "interval", silent: true, barWidth: 14, data: rows.map((row) => row.low), itemStyle: { color: "transparent" } },
        { type: "bar", stack: "interval", barWidth: 14, barMinWidth: 14, data: rows.map((row) => (row.low === null ? null : row.high - row.low)), itemStyle: { color: paint.series[0], opacity: 0.45, borderRadius: 3 } },
        {
          type: "scatter", symbol: "rect", symbolSize: [3, 20], data: rows.map((row) => row.mean), itemStyle: { color: paint.text },
          label: { show: true, position: "top", color: paint.text, formatter: ({ dataIndex: n }) => told_of(rows[n]) },
        },
      ],
    };
  }

  function bars(data, paint) {
    const option = base(paint);
    const axis = (more) => ({ type: "value", min: 0, axisLabel: { color: paint.faint }, splitLine: lineOf(paint), ...more });
    const line = data.line && {
      type: "line", name: data.line.name, yAxisIndex: 1, data: data.line.values, symbol: "diamond", symbolSize: 9,
      itemStyle: { color: paint.series[1] }, lineStyle: { color: paint.series[1], width: 2, type: "dashed" },
    };
    return {
      ...option,
      tooltip: { ...option.tooltip, trigger: "axis", formatter: (items) => [items[0].axisValue, ...items.map((item) => `${item.seriesName}  ${item.value}${item.seriesIndex ? "%" : ""}`)].join("\n") },
      legend: line ? { top: 0, textStyle: { color: paint.text } } : undefined,
      grid: { left: 8, right: 8, top: line ? 40 : 28, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: data.axis, axisLine: lineOf(paint), axisLabel: { color: paint.text, interval: 0, hideOverlap: false, width: 90, overflow: "break" } },
      yAxis: [axis({ minInterval: 1 }), ...(line ? [axis({ max: 100, splitLine: { show: false }, axisLabel: { color: paint.faint, formatter: "{value}%" } })] : [])],
      series: [
        { type: "bar", name: data.bars.name, data: data.bars.values, barMaxWidth: 48, itemStyle: { color: paint.series[0], borderRadius: [3, 3, 0, 0] }, label: { show: true, position: "top", color: paint.text } },
        ...(line ? [line] : []),
      ],
    };
  }

  const kinds = { lines, intervals, bars };

  function draw(holder) {
    const data = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
    const chart = drawn.get(holder) || window.echarts.init(holder, null, { renderer: "svg" });
    drawn.set(holder, chart);
    chart.setOption(kinds[data.kind](data, colours()), { notMerge: true });
  }

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => drawn.get(entry.target)?.resize()));

  drawAll();
  document.querySelectorAll("[data-chart]").forEach((holder) => sizes.observe(holder));
  // Colours may need a moment to become those of the other theme.
  const later = () => requestAnimationFrame(() => requestAnimationFrame(drawAll));
  new MutationObserver(later).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
