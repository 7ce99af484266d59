// SPDX-License-Identifier: Apache-2.0
// What each side does about facts, by the links of the pages alone: maintenance announced too late and cancelled, a fact disputed and let
// stand, one taken back and approved by a second person.
import { ok, stepUp, wide } from "./open.mjs";

const words = (page) => page.textContent("main");
const press = (page) => page.click("main form.form button.first");

async function as(b, who) {
	const context = await b.newContext({ viewport: wide, javaScriptEnabled: false, storageState: who.state });
	const page = await context.newPage();
	page.setDefaultTimeout(60000);
	return page;
}

async function maintenance(place, priya, alice) {
	const local = (hours) => new Date(Date.now() + hours * 3600e3).toISOString().slice(0, 16);
	await priya.goto(`${place.url}/c/NW-1/maintenance/new`);
	ok((await words(priya)).includes("72h"), "who announces maintenance is told the notice that the contract asks for", (await words(priya)).slice(0, 300));
	const id = await priya.inputValue("#maintenance");
	await priya.fill("#from", local(30));
	await priya.fill("#to", local(31));
	await press(priya);
	const row = priya.locator("#maintenance ~ .card tr, tr", { hasText: id }).filter({ hasText: "72 h needed" });
	ok(new URL(priya.url()).pathname.startsWith("/c/NW-1/availability/") && (await row.count()) > 0, "and warned that it comes too late", `${priya.url()} ${(await words(priya)).slice(-600)}`);
	await alice.goto(place.url);
	ok((await words(alice)).includes("maintenance of records"), "the client sees it among what is ahead", (await words(alice)).slice(0, 500));
	const { entries } = { entries: place.run("log", "show", "--contract", "NW-1", "--json").trim().split("\n").map((l) => JSON.parse(l)) };
	const told = entries.find((e) => e.entry.kind === "maintenance.announced" && e.entry.body.maintenance === id);
	await priya.goto(`${place.url}/c/NW-1/maintenance/${id}/cancel`);
	await press(priya);
	await alice.goto(place.url);
	ok(told && !(await words(alice)).includes("maintenance of records"), "cancelled, it is gone from there", (await words(alice)).slice(0, 500));
}

async function dispute(place, people, alice, dana) {
	const { facts } = place.json("ticket", "show", "T-101", "--contract", "NW-1");
	const told = facts.find((f) => f.fact === "ticket.message");
	await alice.goto(`${place.url}/c/NW-1/record/${told.entry}`);
	await alice.click("text=Dispute this fact");
	ok((await words(alice)).includes("T-101"), "from an entry of the record the client comes to dispute that fact, and sees which it is", (await words(alice)).slice(0, 300));
	await alice.fill("#reason", "Nobody answered then.");
	await press(alice);
	ok(new URL(alice.url()).pathname === `/c/NW-1/record/${told.entry}`, "and is back at the entry", alice.url());
	await alice.goto(place.url);
	await alice.click("a[href$='/settle']");
	ok((await words(alice)).includes("T-101"), "what is contested is found under Today, by both sides", (await words(alice)).slice(0, 300));
	await alice.selectOption("#outcome", "upheld");
	await press(alice);
	await alice.goto(place.url);
	ok((await alice.locator("a[href$='/settle']").count()) === 0, "until the side that contested lets it stand", (await words(alice)).slice(0, 600));
	const wait = place.json("fact", "add", "ticket.waiting_vendor", "ticket=T-288", "--contract", "NW-1").id;
	await dana.goto(`${place.url}/c/NW-1/facts/${wait}/withdraw`);
	await stepUp(dana, people.dana);
	await press(dana);
	place.run("user", "add", "mara", "--role", "contract-manager");
	const second = place.json("today", "--contract", "NW-1", "--as", "mara").sections.find((s) => s.section === "facts");
	ok(second.items.some((i) => i.kind === "second_person"), "a pause taken back waits for a second person", JSON.stringify(second));
	place.run("fact", "approve", second.items.find((i) => i.kind === "second_person").about, "--contract", "NW-1", "--as", "mara");
}

export async function facts(place, b, people) {
	const [priya, alice, dana] = [await as(b, people.priya), await as(b, people.alice), await as(b, people.dana)];
	await maintenance(place, priya, alice);
	await dispute(place, people, alice, dana);
}
