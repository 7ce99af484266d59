// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium against a server of the tests' own, on loopback. Prints TAP.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { createHmac } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { chromium } from "playwright-core";

let count = 0;
let failed = 0;

export function ok(passed, name, details = []) {
	count++;
	if (!passed)
		failed++;
	console.log(`${passed ? "" : "not "}ok ${count} - ${name}`);
	for (const line of passed ? [] : [].concat(details).slice(0, 12).flatMap((d) => String(d).split("\n")))
		console.log(`#   ${line.slice(0, 300)}`);
}

export function done() {
	console.log(`1..${count}`);
	process.exitCode = failed ? 1 : 0;
}

export const tenor = path.resolve(process.env.TENOR || "build/dev/tenor");

// A folder with a workspace; commands run there as its owner.
export class Place {
	constructor(folder) {
		this.folder = folder;
		this.home = path.join(folder, "home");
		mkdirSync(this.home, { recursive: true });
	}
	run(...args) {
		const r = spawnSync(tenor, args, { cwd: this.folder, env: { ...process.env, HOME: this.home }, encoding: "utf8", timeout: 120000 });
		if (r.status !== 0)
			throw new Error(`tenor ${args.join(" ")}: ${r.status}: ${r.stderr || r.stdout}`);
		return r.stdout;
	}
	json(...args) {
		return JSON.parse(this.run(...args, "--json"));
	}
	async serve() {
		this.child = spawn(tenor, ["serve", "--listen", "127.0.0.1:0", "--workers", "2"], { cwd: this.folder, env: { ...process.env, HOME: this.home } });
		this.log = [];
		readline.createInterface({ input: this.child.stderr }).on("line", (line) => this.log.push(line));
		const lines = readline.createInterface({ input: this.child.stdout });
		const timer = setTimeout(() => this.child.kill("SIGTERM"), 900000); // it stops by itself
		timer.unref();
		for await (const line of lines) {
			const at = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
			if (at) {
				this.url = at[0];
				return this.url;
			}
		}
		throw new Error(`no address: ${this.log.join("\n")}`);
	}
	async stop() {
		if (!this.child || this.child.exitCode !== null)
			return;
		this.child.kill("SIGTERM");
		await once(this.child, "exit");
	}
	// A link that signs in once.
	link(handle) {
		const said = this.run("user", "link", handle);
		return /\/join\/[A-Za-z0-9_-]+/.exec(said)[0];
	}
}

export function totp(secret, now = Date.now()) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	let bits = "";
	for (const c of secret.replace(/\s|=/g, "").toUpperCase())
		bits += letters.indexOf(c).toString(2).padStart(5, "0");
	const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(now / 30000)));
	const mac = createHmac("sha1", key).update(step).digest();
	const at = mac[19] & 15;
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

export async function browser() {
	const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
	if (!executablePath)
		return null;
	return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export const wide = { width: 1360, height: 900 };
export const narrow = { width: 390, height: 844 };

// Signs a person in by a link; sets a password and, where the role asks for it, a second factor. Gives the person's cookies and secret.
export async function signIn(place, b, handle) {
	const context = await b.newContext({ viewport: wide });
	const page = await context.newPage();
	const password = `the long way of ${handle} home`;
	await page.goto(place.url + place.link(handle));
	await page.click("main button");
	await page.goto(place.url + "/me");
	await page.fill("#password", password);
	await page.click("form[action='/me/password'] button");
	let secret = null;
	if (new URL(page.url()).pathname === "/me/factor") {
		secret = await page.textContent(".secret");
		await page.fill("#code", totp(secret));
		await page.click("main form button");
		await page.waitForSelector(".codes");
	}
	const state = await context.storageState();
	await context.close();
	return { handle, password, secret, state };
}

// Gives the second factor where the page asks for it again. Each step counts once (trust.md S6): waits for the next where one was used. false: it did not ask.
export async function stepUp(page, who) {
	const asks = () => new URL(page.url()).pathname === "/me/code";
	if (!asks() || !who.secret)
		return false;
	for (let i = 0; i < 3 && asks(); i++) {
		if (i > 0)
			await new Promise((resolve) => setTimeout(resolve, 31000 - Date.now() % 30000));
		await page.fill("#code", totp(who.secret));
		await page.click("main form button");
	}
	return true;
}

// Serves a demo workspace (PLACE: one that was made before) to four people who are signed in, and ends it again.
export async function withDemo(name, run) {
	const b = await browser();
	if (!b) {
		console.log("1..0 # SKIP no Chromium here");
		return;
	}
	const folder = process.env.PLACE || mkdtempSync(path.join(tmpdir(), `tenor-${name}-`));
	const made = process.env.PLACE ? { status: 0 } : spawnSync("python3", ["tools/demo.py", tenor, folder], { encoding: "utf8", timeout: 600000 });
	ok(made.status === 0, "the demo workspace is made", made.stderr);
	const place = new Place(folder);
	try {
		await place.serve();
		const people = {};
		for (const handle of ["dana", "priya", "alice", "rosa"])
			people[handle] = await signIn(place, b, handle);
		ok(true, "four people sign in, each with what the role asks for");
		await run(place, b, people);
	} catch (e) {
		ok(false, "it goes to its end", String(e.stack));
	} finally {
		await place.stop();
		await b.close();
		if (process.env.KEEP_LOG)
			console.log(place.log.slice(-40).map((l) => `# ${l}`).join("\n"));
	}
	done();
}
