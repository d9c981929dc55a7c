for (const section of document.querySelectorAll(".histograms")) {
  const data = JSON.parse(section.querySelector("script").textContent);
  const slider = section.querySelector("input");
  const output = section.querySelector("output");
  const pictures = [...section.querySelectorAll("figure.small svg")];
  const show = () => {
    const epoch = data.epochs[slider.value];
    output.textContent = epoch;
    slider.setAttribute("aria-valuetext", "epoch " + epoch);
    pictures.forEach((picture, i) => {
      const counts = data.items[i][slider.value];
      const most = Math.max(1, ...counts);
      picture.querySelectorAll("rect").forEach((bar, bin) => {
        const height = 70 * counts[bin] / most;
        bar.setAttribute("height", height.toFixed(1));
        bar.setAttribute("y", (70 - height).toFixed(1));
      });
    });
  };
  slider.addEventListener("input", show);
  addEventListener("beforeprint", () => { slider.value = slider.max; show(); });
  show();
}
