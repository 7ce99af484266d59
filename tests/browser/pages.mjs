// SPDX-License-Identifier: Apache-2.0
// Every page as the role it is for, in each pair of wide and narrow, light and dark, with script and without: it answers, has one title, no rule of
// axe broken, nothing from another origin, at most 100 kB, and by Tab alone one gets to all that can be pressed and sees where one is. With SHOTS=1
// only the pictures of docs/shots are made.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { narrow, ok, signIn, stepUp, wide, withDemo } from "./open.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const month = new Date(Date.now() - 30 * 86400e3).toISOString().slice(0, 7);

const provider = ["/", "/tickets", "/contracts", "/clients", "/clients/new", "/invoices", "/receivables", "/people", "/me", "/c/NW-1", "/c/NW-1/terms", `/c/NW-1/statement/${month}`,
	"/c/NW-1/tickets", "/c/NW-1/tickets/new", "/c/NW-1/clocks", `/c/NW-1/availability/${month}`, "/c/NW-1/maintenance/new", "/c/NW-1/outages/new", "/c/NW-1/invoices",
	"/c/NW-1/invoices/preview", "/c/NW-1/account", "/c/NW-1/forecast", "/c/NW-1/budget", "/c/NW-1/suggestions", "/c/NW-1/break-fix", "/c/NW-1/deadlines", "/c/NW-1/record",
	"/c/NW-1/restated", "/account/northwind"];
// What is only a form. Ids that lead nowhere do: whoever asks by GET is shown the question.
const forms = ["/people/new", "/people/priya", "/people/priya/invite", "/people/priya/reset", "/people/priya/mail", "/people/priya/disable", "/people/priya/grant", "/people/priya/factor",
	"/people/priya/factor/keep", "/tokens", "/tokens/new", "/tokens/t_1/revoke", "/sessions", "/sessions/1/end", "/audit", "/resets", "/resets/priya/approve", "/settings", "/settings/mail", "/settings/mail/invitation.en", "/settings/mail/invitation.en/preview", "/settings/mail/invitation.en/reset",
	"/settings/calendars", "/c/NW-1/calendars", "/settings/logo", "/settings/approve", "/settings/legal_name", "/settings/legal_name/clear", "/receivables/bank", "/replies", "/replies/new", "/replies/x/remove", "/templates", "/templates/new", "/templates/x/remove", "/drafts/x/drop",
	"/account/northwind/margin", "/find?q=password", "/c/NW-1/proof", "/c/NW-1/record/1", "/c/NW-1/leaving/2027-03-01", "/c/NW-1/views/new", "/c/NW-1/views/x/remove", "/tickets/views/new", "/tickets/views/x/remove",
	"/c/NW-1/outages/o-1/ended", "/c/NW-1/maintenance/M-1/cancel", "/c/NW-1/facts/T-101-1/accept", "/c/NW-1/facts/T-101-1/settle", "/c/NW-1/facts/T-101-1/withdraw", "/c/NW-1/facts/T-101-1/approve", `/c/NW-1/statement/${month}/issue`, "/c/NW-1/invoices/issue", "/c/NW-1/payments/new", "/c/NW-1/disputes/x/settle",
	"/c/NW-1/tickets/T-101", "/c/NW-1/tickets/T-101/reopen", "/c/NW-1/tickets/T-101/resolve"];
const onOpen = ["", "/answer", "/attach", "/resolve", "/wait", "/resume", "/priority", "/assign", "/queue", "/emergency", "/seen", "/note", "/work", "/timer", "/timer/stop", "/merge"]; // of a ticket that is open
const clientForms = ["/c/NW-1/proof", "/c/NW-1/tickets/T-101", "/c/NW-1/tickets/T-101/rate", "/c/NW-1/facts/T-101-1/contest", "/c/NW-1/orders/x/approve", "/c/NW-1/hours/x/approve", "/c/NW-1/purchases/x/approve", "/c/NW-1/deliveries/x/x/accept", "/c/NW-1/deliveries/x/x/reject", "/audit", "/tokens", "/people"];
// Of each role what it may not do, and what it may.
const refused = { priya: ["/receivables", "/settings", "/people", "/tokens", "/audit", "/account/northwind/margin", "/c/NW-1/payments/new", "/c/NW-1/account"],
	rosa: ["/invoices", "/people", "/c/NW-1/invoices", "/c/NW-1/record", "/c/NW-1/proof", `/c/NW-1/statement/${month}`, "/c/NW-1/tickets/T-101/note", "/c/LD-1", "/clients/new"],
	alice: ["/receivables", "/settings", "/account/northwind/margin", "/c/NW-1/tickets/T-101/note", "/c/LD-1", "/c/LD-1/calendars", "/settings/calendars", "/sessions"] };
const allowed = { priya: ["/", "/c/NW-1", "/c/NW-1/tickets", "/replies", "/me"], rosa: ["/", "/c/NW-1/tickets", "/c/NW-1/tickets/new", "/me"], alice: ["/c/NW-1/proof", "/audit"] };
const client = ["/", "/tickets", "/contracts", "/invoices", "/me", "/c/NW-1", "/c/NW-1/terms", "/c/NW-1/calendars", `/c/NW-1/statement/${month}`, "/c/NW-1/tickets", "/c/NW-1/tickets/new", "/c/NW-1/invoices",
	"/c/NW-1/account", "/c/NW-1/forecast", "/c/NW-1/deadlines", "/c/NW-1/record"];
// What everybody begins with in their role: each link there must lead to what the role may see.
const others = { priya: ["/", "/tickets", "/c/NW-1", "/c/NW-1/tickets", "/c/NW-1/deadlines"], rosa: ["/", "/tickets", "/c/NW-1", "/c/NW-1/tickets"], finn: ["/", "/c/NW-1", "/c/NW-1/payments/new", "/settings/approve"],
	ops: ["/", "/sessions", "/resets"], joe: ["/", "/c/NW-1", "/c/NW-1/record"], audra: ["/", "/c/NW-1", `/c/NW-1/statement/${month}`] };
// The pictures of docs: who, where, how wide.
const pictures = [["dana", "/", "today", wide], ["dana", "/c/NW-1", "contract", wide], ["dana", `/c/NW-1/statement/${month}`, "statement", wide], ["dana", "/c/NW-1/tickets", "tickets", wide],
	["dana", "/c/NW-1/forecast", "forecast", wide], ["dana", "/receivables", "receivables", wide], ["dana", "/c/NW-1/terms", "terms", wide], ["alice", "/c/NW-1", "contract", wide],
	["alice", `/c/NW-1/statement/${month}`, "statement", wide], ["alice", "/c/NW-1/proof", "proof", wide], ["alice", "/", "today", narrow], ["alice", "/c/NW-1/tickets/new", "new-ticket", narrow]];

// Ways to look: every two values of two of them meet, and each page is looked at in all four. Where there is script axe judges it; keys: also gone
// through by Tab alone.
const ways = [
	{ viewport: wide, colorScheme: "light", javaScriptEnabled: true, keys: false },
	{ viewport: narrow, colorScheme: "dark", javaScriptEnabled: true, keys: true },
	{ viewport: narrow, colorScheme: "light", javaScriptEnabled: false, keys: true },
	{ viewport: wide, colorScheme: "dark", javaScriptEnabled: false, keys: true },
];

const links = new Map(); // by person: every link of every page looked at

const tabs = new Map(); // by person and way: one window that goes from page to page

async function tab(b, place, who, way) {
	const name = `${who ? who.handle : ""} ${ways.indexOf(way)}`;
	if (!tabs.has(name)) {
		const context = await b.newContext({ ...way, storageState: who ? who.state : undefined });
		const opened = { page: await context.newPage(), wrong: [], who };
		opened.debug = await context.newCDPSession(opened.page);
		if (!way.javaScriptEnabled)
			await opened.debug.send("Emulation.setScriptExecutionDisabled", { value: true });
		opened.page.on("request", (r) => {
			if (!r.url().startsWith(place.url) && !r.url().startsWith("data:"))
				opened.wrong.push(`asks ${r.url()}`);
		});
		opened.page.on("console", (m) => {
			if (m.type() === "error")
				opened.wrong.push(`console: ${m.text()}`);
		});
		tabs.set(name, opened);
	}
	const found = tabs.get(name);
	found.wrong = [];
	return found;
}

// To a page, past the question for the second factor. That makes a session anew and ends the one before, so all windows of the person go on with it.
async function visit(place, { page, wrong }, who, at) {
	const response = await page.goto(place.url + at);
	if (!who || !(await stepUp(page, who)))
		return response;
	who.state = await page.context().storageState();
	for (const other of tabs.values())
		if (other.who === who && other.page !== page)
			await other.page.context().addCookies(who.state.cookies);
	wrong.length = 0; // a code that was used before is refused, as it should be
	return page.goto(place.url + at);
}

// Labels of a chart that lie on each other, in the page.
function touching() {
	const found = [];
	for (const svg of document.querySelectorAll(".chart svg")) {
		const boxes = [...svg.querySelectorAll("text")].map((t) => ({ words: t.textContent, r: t.getBoundingClientRect() })).filter((x) => x.r.width > 0);
		boxes.forEach((x, i) => boxes.slice(i + 1).forEach((y) => {
			if (x.r.left < y.r.right - 1 && y.r.left < x.r.right - 1 && x.r.top < y.r.bottom - 3 && y.r.top < x.r.bottom - 3)
				found.push(`'${x.words}' and '${y.words}'`);
		}));
	}
	return found;
}

// The browser leaves out what is not near the screen (site.css); a look is at all of it.
function whole() {
	const all = new CSSStyleSheet();
	all.replaceSync("main * { content-visibility: visible !important }");
	document.adoptedStyleSheets = [all];
}

// What Tab comes to, in the page: each once, and whether one sees that it has the focus.
function follow() {
	window.walked = new Map();
	document.addEventListener("focusin", (e) => {
		const s = getComputedStyle(e.target);
		window.walked.set(e.target, s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none");
	});
	// a date or a time is some fields in one
	return document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]").length + 8 * document.querySelectorAll("input[type*=date], input[type=month], input[type=time]").length;
}

// What it did not come to though it can be pressed or typed into (of radio buttons one stands for all), and what does not show that it has the focus.
function missed() {
	const name = (e) => `${e.tagName.toLowerCase()} '${(e.getAttribute("aria-label") || e.textContent || e.name || "").trim().slice(0, 40)}'`;
	const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((e) => !e.disabled && e.type !== "hidden" && e.type !== "radio" && e.checkVisibility({ visibilityProperty: true }));
	return [...all.filter((e) => !window.walked.has(e)).map((e) => `no Tab leads to ${name(e)}`),
		...[...window.walked].filter(([, seen]) => !seen).map(([e]) => `nobody sees that ${name(e)} has the focus`)];
}

// The whole page by Tab alone, once round, or twice where it began in the middle and what scrolls is passed, too. Where script is off ours
// alone runs for that long: what the page brought was left out when it was loaded.
async function walk({ page, debug }, way) {
	const off = (value) => (way.javaScriptEnabled ? null : debug.send("Emulation.setScriptExecutionDisabled", { value }));
	await off(false);
	const n = await page.evaluate(follow);
	let wrong = null;
	for (let round = 0; round < 2 && (wrong === null || wrong.length > 0); round++) {
		await Promise.all(Array.from({ length: n + 4 }, () => debug.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 })));
		wrong = await page.evaluate(missed);
	}
	await off(true);
	return wrong;
}

async function look(b, place, who, at, way) {
	const opened = await tab(b, place, who, way);
	const { page, wrong } = opened;
	const response = await visit(place, opened, who, at);
	const body = await response.body();
	if (response.status() !== 200)
		wrong.push(`status ${response.status()}`);
	if (new URL(page.url()).pathname === "/me/code")
		wrong.push("only the question for the second factor was seen");
	if (body.length > 100000)
		wrong.push(`${body.length} bytes`);
	await page.evaluate(whole).catch(() => null);
	const facts = await page.evaluate(() => ({ tight: [...document.querySelectorAll(".card, article")].some((c) => parseFloat(getComputedStyle(c).paddingLeft) < 8),
		title: document.title, h1: document.querySelectorAll("h1").length, lang: document.documentElement.lang,
		wide: document.documentElement.scrollWidth > document.documentElement.clientWidth + 1,
		shut: document.querySelector("main tbody") && !document.querySelector("main form.form, main .editor") && !document.querySelector("a[href*='format=csv']") })).catch(() => null);
	if (facts && (facts.h1 !== 1 || !facts.title.endsWith("Tenor") || !facts.lang))
		wrong.push(`title '${facts.title}', ${facts.h1} h1, lang '${facts.lang}'`);
	if (facts && facts.shut)
		wrong.push("a table that cannot be had as CSV");
	if (facts && facts.tight)
		wrong.push("a card whose words touch its edge");
	if (facts && facts.wide)
		wrong.push("wider than the window");
	for (const two of await page.evaluate(touching).catch(() => []))
		wrong.push(`labels of a chart touch: ${two}`);
	if (way.keys)
		wrong.push(...(await walk(opened, way)));
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
	return wrong;
}

// A row of pages.def that no list here has a page of would never be looked at.
function forgotten(paths) {
	const rows = [...readFileSync("src/web/pages.def", "utf8").matchAll(/^(?:PAGE|LIST|FORM)\(\w+, "([^"]+)"/gm)].map((m) => m[1]);
	const fits = (row) => new RegExp(`^${row.replace(/\{\w+\}/g, "[^/]+")}$`);
	return [rows.length, rows.filter((row) => !paths.some((p) => fits(row).test(p.split("?")[0])))];
}

async function roles(b, place, people) {
	for (const [table, fits] of [[refused, (s) => s === 403 || s === 404], [allowed, (s) => s === 200]])
		for (const [handle, paths] of Object.entries(table)) {
			const context = await b.newContext({ storageState: people[handle].state });
			const wrong = [];
			for (const at of paths) {
				const r = await context.request.get(place.url + at);
				if (!fits(r.status()))
					wrong.push(`${r.status()} ${at}`);
			}
			ok(wrong.length === 0, `${handle} ${table === refused ? "is refused, or finds nothing, at" : "reads"} ${paths.length} pages`, wrong);
			await context.close();
		}
}

// On paper: the document alone, and nothing of it beyond the sheet's edge.
async function print(b, place, who, draft) {
	const invoice = place.json("invoice", "list", "--contract", "NW-1")[0].invoice;
	for (const at of [`/c/NW-1/statement/${month}`, `/invoices/${invoice}`, "/c/NW-1/terms", "/c/NW-1/account", `/c/NW-1/availability/${month}`, "/c/NW-1/tickets/T-101",
		`/drafts/${draft}/backtest`]) {
		const context = await b.newContext({ viewport: { width: 718, height: 1047 }, storageState: who.state }); // A4 within margins of a centimetre
		const page = await context.newPage();
		await page.goto(place.url + at);
		await page.emulateMedia({ media: "print" });
		const seen = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
			around: [...document.querySelectorAll(".rail, .tabs, .deck, .banner, main form")].filter((e) => e.getClientRects().length > 0).map((e) => e.className) }));
		const pdf = await page.pdf({ format: "A4" });
		ok(seen.wide <= 1 && seen.around.length === 0 && pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 5000, `${at} prints: the document alone, nothing cut`, JSON.stringify(seen));
		await context.close();
	}
}

// What keys open, as somebody hears it: by its name, no rule of axe broken, the focus in it, and back where it was once it is closed.
async function dialogs(page) {
	await page.evaluate(axe);
	await page.focus(".rail li:nth-child(2) a");
	for (const key of ["?", "k"]) {
		await page.keyboard.press(key);
		await page.waitForSelector("dialog[open]");
		const seen = await page.evaluate(async () => {
			const d = document.querySelector("dialog[open]"), title = document.getElementById(d.getAttribute("aria-labelledby"));
			const found = await axe.run(d, { resultTypes: ["violations"] });
			return { name: d.getAttribute("aria-label") || (title && title.textContent), inside: d.contains(document.activeElement), wrong: found.violations.map((v) => v.id) };
		});
		await page.keyboard.press("Escape");
		const closed = await page.evaluate(() => !document.querySelector("dialog[open]") && document.activeElement.matches(".rail li:nth-child(2) a"));
		ok(seen.name && seen.inside && seen.wrong.length === 0 && closed, `${key} opens '${seen.name}', is heard by that name, and gives the focus back`, JSON.stringify([seen, closed]));
	}
}

// A ticket without a mouse, and the palette.
async function keys(b, place, who) {
	const context = await b.newContext({ viewport: wide, storageState: who.state });
	const page = await context.newPage();
	const arrives = (pattern) => page.waitForURL(pattern, { timeout: 30000 }).then(() => true, () => false);
	await page.goto(`${place.url}/c/NW-1/tickets`);
	await page.keyboard.press("j");
	await page.keyboard.press("Enter");
	ok(await arrives(/\/tickets\/T-/), "j and Enter open the first ticket of the list", page.url());
	await page.goto(`${place.url}/c/NW-1/tickets`);
	await page.keyboard.press("n");
	ok(await arrives(/\/tickets\/new$/), "n begins a new one", page.url());
	await page.waitForFunction(() => document.activeElement.id === "summary");
	await page.keyboard.type("Opened by keyboard alone");
	for (let i = 0; i < 12 && !(await page.evaluate(() => document.activeElement.matches("main button.first"))); i++)
		await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	ok((await arrives(/\/tickets\/T-[2-9A-Z]{6}/)) && (await page.textContent("main")).includes("Opened by keyboard alone"), "and it is opened without a mouse", page.url());
	const at = page.url();
	const third = await page.locator(".deck .actions .button").nth(2).getAttribute("href");
	await page.keyboard.press("3");
	ok(await arrives((url) => url.pathname === third), "on a ticket a digit presses the button at that place", `${third} ${page.url()}`);
	await page.goto(at);
	await page.goto(`${place.url}/tickets`);
	const seen = await page.textContent("main");
	ok(["NW-1", "LD-1", "OL-1", "Opened by keyboard alone"].every((x) => seen.includes(x)), "one list has the tickets of all contracts", seen.slice(0, 400));
	await page.keyboard.press("j");
	await page.keyboard.press("Enter");
	ok(await arrives(/\/c\/[A-Z]+-1\/tickets\/T-/), "j and Enter open one from there", page.url());
	await page.goto(`${place.url}/tickets?priority=P3&sort=id`);
	await page.click("main details:last-of-type summary");
	await page.fill("#name", "small ones");
	await page.click("form[action='/tickets/views/new'] button");
	await page.click("main nav.actions >> text=small ones");
	const rows = await page.locator("main tbody tr").allTextContents();
	ok(new URL(page.url()).search === "?priority=P3&sort=id" && rows.length > 1 && rows.every((r) => r.includes("P3")), "a list over all contracts has a name, and is found by it", `${page.url()} ${rows}`);
	await page.goto(`${place.url}/c/NW-1/tickets`);
	ok((await page.locator("main nav.actions >> text=small ones").count()) === 1, "which stands at each contract's tickets, too");
	await page.goto(`${place.url}/tickets?priority=P9`);
	ok((await page.textContent("main")).includes("No ticket in this list"), "a priority that no contract has is that of no ticket", (await page.textContent("main")).slice(0, 300));
	await page.goto(`${place.url}/tickets?priority=P3&sort=id`);
	await page.click("text=Forget this list");
	await page.click("main form button.first");
	ok(new URL(page.url()).pathname === "/tickets" && !(await page.textContent("main")).includes("small ones"), "and is forgotten", page.url());
	await page.keyboard.press("k");
	await page.keyboard.type("receiv");
	await page.waitForSelector("#palette [role=option]");
	await page.keyboard.press("Enter");
	ok(await arrives(/\/receivables$/), "k, a part of a name and Enter go to a page", page.url());
	await dialogs(page);
	await page.keyboard.press("/");
	await page.keyboard.type("T-101");
	await page.keyboard.press("Enter");
	ok((await arrives(/\/find\?q=T-101/)) && (await page.textContent("main")).includes("T-101"), "/ and an id find a ticket", page.url());
	await context.close();
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
	const { invoice } = place.json("invoice", "list", "--contract", "NW-1")[0];
	const { ticket } = place.json("ticket", "list", "--contract", "NW-1").tickets[0];
	forms.push(...onOpen.map((x) => `/c/NW-1/tickets/${ticket}${x}`));
	provider.push(`/invoices/${invoice}`);
	clientForms.push(`/invoices/${invoice}`, `/invoices/${invoice}/dispute`);
	if (process.env.SHOTS) {
		mkdirSync("docs/shots", { recursive: true });
		for (const [handle, at, name, viewport] of pictures)
			await picture(b, place, people[handle], at, name, viewport);
		return;
	}
	const [rows, left] = forgotten([...provider, ...client, ...forms, ...clientForms]);
	ok(rows > 60 && left.length === 0, `each of ${rows} rows of pages.def is looked at`, left);
	place.run("user", "add", "ops", "--role", "operator");
	for (const handle of ["finn", "joe", "ops"])
		people[handle] = await signIn(place, b, handle);
	// an auditor whose days are over before today
	place.run("user", "add", "audra", "--role", "auditor", "--contract", "NW-1");
	place.run("user", "grant", "audra", "--contract", "NW-1", "--from", month, "--to", month);
	people.audra = await signIn(place, b, "audra");
	await roles(b, place, people);
	await print(b, place, people.dana, draft);
	await keys(b, place, people.dana);
	for (const way of ways) {
		const wrong = await look(b, place, null, "/sign-in", way);
		ok(wrong.length === 0, `/sign-in, ${way.viewport.width}, ${way.colorScheme}`, wrong);
	}
	for (const [handle, paths] of [["dana", [...provider, ...forms]], ["alice", [...client, ...clientForms]]])
		for (const at of paths)
			for (const way of ways) {
				const wrong = await look(b, place, people[handle], at, way);
				ok(wrong.length === 0, `${at} as ${handle}, ${way.viewport.width}, ${way.colorScheme}, ${way.javaScriptEnabled ? "" : "no "}script`, wrong);
			}
	for (const [handle, paths] of Object.entries(others))
		for (const [n, at] of paths.entries()) {
			const wrong = await look(b, place, people[handle], at, ways[n % 2]);
			ok(wrong.length === 0, `${at} as ${handle}, ${ways[n % 2].viewport.width}`, wrong);
		}
	for (const [handle, all] of links) {
		const context = await b.newContext({ storageState: people[handle].state });
		const dead = [];
		for (const href of [...all].slice(0, 400)) {
			let r = await context.request.get(place.url + href);
			while (r.status() === 429) { // so many files at once are too many (trust.md S16)
				await new Promise((resolve) => setTimeout(resolve, 1000 * r.headers()["retry-after"]));
				r = await context.request.get(place.url + href);
			}
			if (r.status() >= 400)
				dead.push(`${r.status()} ${href}`);
		}
		ok(dead.length === 0, `each of ${all.size} links of ${handle}'s pages leads somewhere`, dead);
		await context.close();
	}
}

await withDemo("pages", show);
