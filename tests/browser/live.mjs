// SPDX-License-Identifier: Apache-2.0
// Pages that are kept up to date while they are looked at. Part of story.mjs.
import { ok, wide } from "./open.mjs";

async function open(place, b, who, at) {
	const context = await b.newContext({ viewport: wide, storageState: who.state });
	const p = await context.newPage();
	p.setDefaultTimeout(60000);
	const listens = p.waitForRequest((r) => r.url().includes("/live/events"));
	await p.goto(place.url + at);
	await listens;
	return p;
}

export async function live(place, b, people) {
	const today = await open(place, b, people.dana, "/");
	const list = await open(place, b, people.alice, "/c/NW-1/tickets");
	const form = await open(place, b, people.dana, "/c/NW-1/tickets");
	await list.click("details summary");
	await list.fill("#text", "what I am typing");
	await form.focus("main tbody a");
	const kept = await form.evaluate(() => document.activeElement.getAttribute("href"));
	const late = new Date(Date.now() - 6 * 86400000).toISOString(); // for today it has to be late
	place.run("fact", "add", "ticket.logged", "--contract", "NW-1", "ticket=T-LIVE", "priority=P1", "service=helpdesk", "channel=phone", "via=person", "--at", late);
	for (const p of [today, list, form])
		await p.locator("main a", { hasText: "T-LIVE" }).first().waitFor();
	ok(true, "a ticket that is opened elsewhere comes by itself: today, and in the lists of both sides");
	ok(await list.inputValue("#text") === "what I am typing" && await list.isVisible("#text"), "and what is typed meanwhile stays");
	ok(await form.evaluate(() => document.activeElement.getAttribute("href")) === kept, "so does the place where one is", kept);
	ok((await list.textContent("#news[role=status]")).startsWith("Brought up to date at "), "it is said, to those who do not see it, too");
	await list.goto(`${place.url}/c/NW-1/tickets/T-LIVE`);
	place.run("fact", "add", "ticket.message", "--contract", "NW-1", "ticket=T-LIVE", "author=human", "words=Somebody is on the way", "visibility=public");
	await list.locator("main", { hasText: "Somebody is on the way" }).waitFor();
	ok(await list.evaluate(() => document.querySelectorAll("h1").length) === 1, "a ticket's conversation grows under the reader's eyes, once");
	for (const p of [today, list, form])
		await p.context().close();
}
