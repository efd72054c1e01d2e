// Starts `ronde demo` in a folder of its own and tells where its doors are.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const startWithin = 60_000; // ms; the program itself is ready in about one second
const stopWithin = 20_000;

/**
 * The demo as the program describes it in its ready file:
 * {portal, workbench, partner, people: [{name, role, login, password, totp_secret}]},
 * each person with the time since when they exist (known_since, ms), and stop(), which ends it as Ctrl-C does and fails when it does not end well.
 *
 * RONDE names the binary. RONDE_READY names the ready file of a demo that runs
 * already, which is then left alone.
 */
export async function startDemo() {
  if (process.env.RONDE_READY) {
    const running = JSON.parse(await readFile(process.env.RONDE_READY, "utf8"));
    for (const person of running.people) person.known_since = 0;
    return { ...running, stop: async () => {} };
  }
  if (!process.env.RONDE) throw new Error("start demo: RONDE does not name the binary");

  const dir = await mkdtemp(path.join(tmpdir(), "ronde-browser-"));
  const ready = path.join(dir, "ready.json");
  const args = ["demo", "--empty", "--data", path.join(dir, "data"), "--ready-file", ready];
  for (const door of ["--portal", "--workbench", "--partner"]) args.push(door, "127.0.0.1:0");
  const child = spawn(process.env.RONDE, args, { stdio: ["ignore", "pipe", "pipe"] });
  process.once("exit", () => child.kill("SIGKILL")); // nothing is left behind, whatever ends us
  let output = "";
  child.stdout.on("data", (b) => (output += b));
  child.stderr.on("data", (b) => (output += b));

  const info = await whenReady(child, ready, () => output);
  for (const person of info.people) person.known_since = Date.now(); // set up at the latest
  return { ...info, stop: () => stop(child, dir, () => output) };
}

async function whenReady(child, ready, output) {
  const until = Date.now() + startWithin;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode}:\n${output()}`);
    try {
      return JSON.parse(await readFile(ready, "utf8"));
    } catch (err) {
      // Not there yet, or half written.
      if (err.code !== "ENOENT" && !(err instanceof SyntaxError)) throw err;
    }
    await pause(50);
  }
  child.kill("SIGKILL");
  throw new Error(`the demo was not ready within ${startWithin / 1000} s:\n${output()}`);
}

async function stop(child, dir, output) {
  if (child.exitCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGINT");
    const slow = setTimeout(() => child.kill("SIGKILL"), stopWithin);
    await ended;
    clearTimeout(slow);
  }
  await rm(dir, { recursive: true, force: true });
  if (child.exitCode !== 0) throw new Error(`the demo ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
}
