// SPDX-License-Identifier: Apache-2.0
// When a page is first seen, for ./dev bench paint. Standard input: {"runs": N, "cookies": [{name, value, url}], "pages": [{name, url}]}.
// Prints for each load `name way ms ms`: First Contentful Paint and the first byte as Chromium reports them, from the start of the navigation. Each `first`
// load is in a context of its own, so that nothing is cached and no connection is open: from an empty tab, for which the browser takes a process anew;
// `next` is the same page asked for from there, as one goes from page to page. Pages take turns, so that all meet the same machine.
import { readFileSync } from "node:fs";
import { browser, wide } from "./open.mjs";

const PATIENCE_MS = 30000;
const STILL_MS = 1200; // a page is given as it was made for a second

// The paint may be before or after this asks.
function firstPaint() {
	return new Promise((seen) => {
		new PerformanceObserver((list) => {
			for (const entry of list.getEntriesByName("first-contentful-paint"))
				seen([entry.startTime, performance.getEntriesByType("navigation")[0].responseStart]);
		}).observe({ type: "paint", buffered: true });
	});
}

async function seen(p, page) {
	const answer = await p.goto(page.url);
	if (answer.status() !== 200 || p.url() !== page.url)
		throw new Error(`${page.name}: ${answer.status()} at ${p.url()}`);
	return (await p.evaluate(firstPaint)).map((x) => x.toFixed(1)).join(" ");
}

async function load(b, cookies, page) {
	const context = await b.newContext({ viewport: wide });
	await context.addCookies(cookies);
	const p = await context.newPage();
	p.setDefaultTimeout(PATIENCE_MS);
	await p.waitForTimeout(STILL_MS); // a new window has the browser load pages of its own; who opens a tab takes longer to type an address
	const ms = { first: await seen(p, page) };
	await p.waitForTimeout(STILL_MS);
	ms.next = await seen(p, page);
	await context.close();
	return ms;
}

const asked = JSON.parse(readFileSync(0, "utf8"));
const b = await browser();
if (!b)
	throw new Error("there is no Chromium here");
try {
	// the first of a browser starts more of it than later ones
	await load(b, asked.cookies, asked.pages[0]);
	for (let i = 0; i < asked.runs; i++)
		for (const page of asked.pages)
			for (const [way, ms] of Object.entries(await load(b, asked.cookies, page)))
				console.log(`${page.name.replace(/ /g, "_")} ${way} ${ms}`);
} finally {
	await b.close();
}
