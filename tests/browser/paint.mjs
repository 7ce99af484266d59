// SPDX-License-Identifier: Apache-2.0
// First paint, for ./dev bench http: paint.mjs ADDRESS COOKIES RUNS PATH... where COOKIES is JSON {name: value}. Prints "PATH MEDIAN_MS" a
// path: from the start of the navigation to the first thing on the screen, as the browser tells it, each time in a page of its own with
// an empty cache.
import { browser as open } from "./open.mjs";

const [address, cookies, runs, ...paths] = process.argv.slice(2);
const browser = await open();
if (!browser) process.exit(0);

async function once(path) {
	const context = await browser.newContext();
	await context.addCookies(Object.entries(JSON.parse(cookies)).map(([name, value]) => ({ name, value, url: address })));
	const page = await context.newPage();
	const answer = await page.goto(address + path, { waitUntil: "load" });
	if (!answer.ok()) throw new Error(`${path}: ${answer.status()}`);
	const ms = await page.evaluate(
		() =>
			new Promise((resolve) =>
				new PerformanceObserver((list) => {
					const first = list.getEntriesByName("first-paint")[0];
					if (first) resolve(first.startTime);
				}).observe({ type: "paint", buffered: true }),
			),
	);
	await context.close();
	return ms;
}

try {
	for (const path of paths) {
		await once(path);
		const times = [];
		for (let i = 0; i < Number(runs); i++) times.push(await once(path));
		times.sort((a, b) => a - b);
		console.log(`${path} ${times[Math.floor(times.length / 2)].toFixed(1)}`);
	}
} finally {
	await browser.close();
}
