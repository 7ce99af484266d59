// SPDX-License-Identifier: Apache-2.0
// Every page as the roles it is for, wide and narrow, light and dark, with script and without: it answers, has one title, a way on by
// keyboard, no rule of axe broken, nothing from another origin, at most 100 kB. With SHOTS=1 only the pictures of docs/shots are made.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { narrow, ok, wide, withDemo } from "./open.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const month = new Date(Date.now() - 30 * 86400e3).toISOString().slice(0, 7);

const provider = ["/", "/contracts", "/clients", "/clients/new", "/invoices", "/receivables", "/people", "/me", "/c/NW-1", "/c/NW-1/terms", `/c/NW-1/statement/${month}`,
	"/c/NW-1/tickets", "/c/NW-1/tickets/new", "/c/NW-1/clocks", `/c/NW-1/availability/${month}`, "/c/NW-1/maintenance/new", "/c/NW-1/outages/new", "/c/NW-1/invoices",
	"/c/NW-1/invoices/preview", "/c/NW-1/account", "/c/NW-1/forecast", "/c/NW-1/budget", "/c/NW-1/suggestions", "/c/NW-1/break-fix", "/c/NW-1/deadlines", "/c/NW-1/record",
	"/c/NW-1/restated", "/account/northwind"];
const client = ["/", "/contracts", "/invoices", "/me", "/c/NW-1", "/c/NW-1/terms", `/c/NW-1/statement/${month}`, "/c/NW-1/tickets", "/c/NW-1/tickets/new", "/c/NW-1/invoices",
	"/c/NW-1/account", "/c/NW-1/forecast", "/c/NW-1/deadlines", "/c/NW-1/record"];
// The pictures of docs: who, where, how wide.
const pictures = [["dana", "/", "today", wide], ["dana", "/c/NW-1", "contract", wide], ["dana", `/c/NW-1/statement/${month}`, "statement", wide], ["dana", "/c/NW-1/tickets", "tickets", wide],
	["dana", "/c/NW-1/forecast", "forecast", wide], ["dana", "/receivables", "receivables", wide], ["dana", "/c/NW-1/terms", "terms", wide], ["alice", "/c/NW-1", "contract", wide],
	["alice", `/c/NW-1/statement/${month}`, "statement", wide], ["alice", "/", "today", narrow], ["alice", "/c/NW-1/tickets/new", "new-ticket", narrow]];

// Pairs of ways to look; every two values of two of them meet on some page.
const ways = [
	{ viewport: wide, colorScheme: "light", javaScriptEnabled: true },
	{ viewport: narrow, colorScheme: "dark", javaScriptEnabled: true },
	{ viewport: narrow, colorScheme: "light", javaScriptEnabled: false },
	{ viewport: wide, colorScheme: "dark", javaScriptEnabled: false },
];

const links = new Map(); // by person: every link of every page looked at

async function look(b, place, who, at, way) {
	const context = await b.newContext({ ...way, storageState: who ? who.state : undefined });
	const page = await context.newPage();
	const wrong = [];
	page.on("request", (r) => {
		if (!r.url().startsWith(place.url) && !r.url().startsWith("data:"))
			wrong.push(`asks ${r.url()}`);
	});
	page.on("console", (m) => {
		if (m.type() === "error")
			wrong.push(`console: ${m.text()}`);
	});
	const response = await page.goto(place.url + at);
	const body = await response.body();
	if (response.status() !== 200)
		wrong.push(`status ${response.status()}`);
	if (body.length > 100000)
		wrong.push(`${body.length} bytes`);
	const facts = await page.evaluate(() => ({ title: document.title, h1: document.querySelectorAll("h1").length, lang: document.documentElement.lang,
		wide: document.documentElement.scrollWidth > document.documentElement.clientWidth + 1 })).catch(() => null);
	if (facts && (facts.h1 !== 1 || !facts.title.endsWith("Tenor") || !facts.lang))
		wrong.push(`title '${facts.title}', ${facts.h1} h1, lang '${facts.lang}'`);
	if (facts && facts.wide)
		wrong.push("wider than the window");
	if (way.javaScriptEnabled) {
		await page.evaluate(axe); // by the debugger's protocol, which the page's policy does not bind
		const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
		for (const v of found.violations)
			wrong.push(`axe ${v.id}: ${v.nodes.length} times, ${v.nodes[0].target.join(" ")}: ${v.help}`);
	}
	const hrefs = way.javaScriptEnabled ? await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href"))) : [];
	for (const href of who ? hrefs.filter((h) => h.startsWith("/")) : [])
		links.set(who.handle, (links.get(who.handle) || new Set()).add(href));
	if (process.env.LOOK && way.javaScriptEnabled) { // all of them, whole, for whoever wants to look
		mkdirSync(process.env.LOOK, { recursive: true });
		const name = `${who ? who.handle : "nobody"}${at.replace(/[^a-zA-Z0-9]+/g, "-")}-${way.viewport.width}.png`;
		await page.screenshot({ path: path.join(process.env.LOOK, name), fullPage: true });
	}
	await context.close();
	return wrong;
}

async function picture(b, place, who, at, name, viewport) {
	const context = await b.newContext({ viewport, storageState: who.state, colorScheme: "light" });
	const page = await context.newPage();
	await page.goto(place.url + at);
	await page.screenshot({ path: `docs/shots/${who.handle}-${name}-${viewport === wide ? "wide" : "narrow"}.png` });
	await context.close();
}

async function show(place, b, people) {
	const { draft } = place.json("draft", "new", "--contract", "NW-1", "--reason", "Faster answers");
	provider.push("/drafts", "/drafts/new", `/drafts/${draft}`, `/drafts/${draft}/form`, `/drafts/${draft}/form?at=sla.metrics.uptime`, `/drafts/${draft}/form?at=charges`,
		`/drafts/${draft}/diff`, `/drafts/${draft}/backtest`);
	client.push("/drafts", "/c/NW-1/change");
	if (process.env.SHOTS) {
		mkdirSync("docs/shots", { recursive: true });
		for (const [handle, at, name, viewport] of pictures)
			await picture(b, place, people[handle], at, name, viewport);
		return;
	}
	for (const way of ways) {
		const wrong = await look(b, place, null, "/sign-in", way);
		ok(wrong.length === 0, `/sign-in, ${way.viewport.width}, ${way.colorScheme}`, wrong);
	}
	for (const [handle, paths] of [["dana", provider], ["alice", client]])
		for (const [n, at] of paths.entries())
			for (const way of process.env.ALL || process.env.LOOK ? ways : [ways[n % 4], ways[(n + 1) % 4]]) {
				const wrong = await look(b, place, people[handle], at, way);
				ok(wrong.length === 0, `${at} as ${handle}, ${way.viewport.width}, ${way.colorScheme}, ${way.javaScriptEnabled ? "" : "no "}script`, wrong);
			}
	for (const [handle, all] of links) {
		const context = await b.newContext({ storageState: people[handle].state });
		const dead = [];
		for (const href of [...all].slice(0, 400)) {
			const r = await context.request.get(place.url + href);
			if (r.status() >= 400)
				dead.push(`${r.status()} ${href}`);
		}
		ok(dead.length === 0, `each of ${all.size} links of ${handle}'s pages leads somewhere`, dead);
		await context.close();
	}
}

await withDemo("pages", show);
