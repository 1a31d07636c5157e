// Node's sides of the liquid bench (argv: folder with node_modules, engine): one JSON job a line on stdin, one JSON
// answer a line on stdout, timed in here. brazejs renders in promises only.
const path = require("path");
const [folder, name] = process.argv.slice(2);
const load = (one) => require(path.join(folder, "node_modules", one));
const engine = name === "liquidjs" ? new (load(name).Liquid)() : new (load(name).default)();
const render = name === "liquidjs" ? (ready, data) => engine.renderSync(ready, data) : (ready, data) => engine.render(ready, data);
const parsed = new Map();

async function answer(job) {
  if (job.what === "render" && !parsed.has(job.template)) parsed.set(job.template, engine.parse(job.template));
  const ready = parsed.get(job.template);
  let made = "";
  const begun = process.hrtime.bigint();
  for (let time = 0; time < job.times; time++) {
    if (job.what === "render") made = await render(ready, job.data);
    else engine.parse(`${job.template}${job.turn}.${time}`);
  }
  const took = Number(process.hrtime.bigint() - begun) / 1e6;
  return { ms: took / job.times, output: made };
}

(async () => {
  for await (const line of require("readline").createInterface({ input: process.stdin })) {
    let said;
    try {
      said = await answer(JSON.parse(line));
    } catch (error) {
      said = { failed: String(error.message).slice(0, 200) };
    }
    process.stdout.write(JSON.stringify(said) + "\n");
  }
})();
