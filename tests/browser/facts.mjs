// SPDX-License-Identifier: Apache-2.0
// What each side does about facts, by the links of the pages alone: maintenance announced too late and cancelled, a fact disputed and let
// stand, one taken back and approved by a second person; an order, work, a purchase and deliveries that the client says yes or no to.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { ok, signIn, stepUp, wide } from "./open.mjs";

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

const moving = `tenor: "1"
contract: {id: BK-1, title: Moving house, currency: USD, timezone: America/New_York, business_calendar: office}
documents: [{id: order, kind: order, title: Order, clauses: [{id: fees, heading: Fees, text: "{{table:charges}}"}]}]
parties:
  provider: {legal_name: Harbor IT LLC, jurisdiction: US-DE, tax_id: "12-345", notice: {email: p@p.example}, contacts: [{id: p1, name: Ann, roles: [billing, signatory]}]}
  client: {legal_name: Bakery Inc, jurisdiction: US-NY, notice: {email: c@c.example}, contacts: [{id: c1, name: Bo, roles: [billing, executive]}]}
calendars: [{id: office, hours: [{id: w, days: mon-fri, open: ["08:00-18:00"]}]}]
assets: [{id: web, kind: server, name: Web}]
services: [{id: care, name: Care, calendar: always, out_of_scope: {charge: extra, approval: client_portal}}]
term: {effective_date: "2026-01-01", initial: 60mo}
charges:
  - {id: move, type: milestone, clause: order.fees, total: "900.00 USD", milestones: [{id: half, name: Half, pct: 50%}, {id: rest, name: Rest, pct: 50%}], acceptance: {reject_within: 10bd}}
  - {id: phones, type: per_unit, clause: order.fees, name: Phones, unit: phone, count: orders, count_at: average_daily, period: 1mo, bill: arrears, prorate: actual_days, price: "45.00 USD"}
  - {id: extra, type: time, clause: order.fees, name: Extra work, unit: hour, price: "120.00 USD", period: 1mo, bill: arrears, increment: 15min, minimum: 15min, increment_rounding: up}
  - {id: goods, type: pass_through, clause: order.fees, name: Goods, markup: 0%, evidence: supplier_invoice, approval_above: "500.00 USD"}
payment: {due: 30d, from: invoice_date}
`;

// What waits for the client, told by the provider: what is asked for, its path, what the page has to say of it.
const asked = [["O-1", "/orders/O-1/approve", ["3", "45.00 USD", "135.00 USD", "Order 1, Fees", "silence is no approval"]],
	["W-1", "/hours/W-1/approve", ["90", "120.00 USD", "180.00 USD", "services.care.out_of_scope.approval", "silence is no approval"]],
	["S-1", "/purchases/S-1/approve", ["900.00 USD", "500.00 USD", "Order 1, Fees", "silence is no approval"]],
	["half", "/deliveries/move/half/accept", ["450.00 USD", "Half (half)", "Until", "Order 1, Fees", "counts as accepted"]],
	["rest", "/deliveries/move/rest/accept", ["450.00 USD", "Rest (rest)", "Until", "Order 1, Fees", "counts as accepted"]]];

async function decisions(place, b, dana) {
	const file = path.join(place.folder, "moving.yaml");
	writeFileSync(file, moving);
	place.run("client", "add", "bakery", "--name", "Bakery Inc");
	place.run("contract", "add", file, "--client", "bakery", "--agreed", "2025-12-20");
	await dana.goto(`${place.url}/account/bakery`);
	ok((await words(dana)).includes("By days past due"), "a client with one contract has its account", (await words(dana)).slice(0, 300));
	writeFileSync(file, moving.replace("id: BK-1, title: Moving house", "id: BK-2, title: The second shop"));
	place.run("contract", "add", file, "--client", "bakery", "--agreed", "2025-12-20");
	ok((await dana.goto(`${place.url}/account/bakery`)).status() === 200, "one with two has a page over both");
	const both = await words(dana);
	ok(both.includes("Moving house") && both.includes("The second shop") && (both.match(/0\.00 USD/g) || []).length === 4, "with title and balance of each", both.slice(0, 400));
	await dana.click("main a[href='/c/BK-2/account']");
	ok((await dana.title()).includes("BK-2") || (await words(dana)).includes("The second shop"), "and the way to the account of each", (await words(dana)).slice(0, 300));
	const table = await (await dana.request.get(`${place.url}/account/bakery?format=csv`)).text();
	ok(table.includes("BK-1") && table.includes("BK-2"), "also as a table", table);
	await dana.goto(`${place.url}/contracts`);
	ok((await words(dana)).includes("The second shop"), "the list of contracts has their titles", (await words(dana)).slice(0, 400));
	place.run("user", "add", "sam", "--role", "signer", "--contract", "BK-1");
	place.run("user", "add", "vic", "--role", "viewer", "--contract", "BK-1", "--as", "sam");
	const tell = (kind, ...fields) => place.json("fact", "add", kind, ...fields, "--contract", "BK-1");
	const ago = (hours) => new Date(Date.now() - hours * 3600e3).toISOString();
	tell("ticket.logged", "ticket=T-1", "service=care", "--at", ago(3));
	tell("order.placed", "order=O-1", "charge=phones", "quantity=3");
	tell("work.recorded", "entry=W-1", "minutes=90", "charge=extra", "ticket=T-1", "--at", ago(2));
	tell("supplier.invoiced", "supplier_invoice=S-1", "charge=goods", "amount=900.00", "currency=USD");
	tell("milestone.delivered", "milestone=half", "charge=move");
	tell("milestone.delivered", "milestone=rest", "charge=move");
	const person = await signIn(place, b, "sam");
	const [sam, vic] = [await as(b, person), await as(b, await signIn(place, b, "vic"))];
	const open = async (page, at) => (await page.goto(`${place.url}/c/BK-1${at}`)).status();
	const waits = () => place.json("today", "--contract", "BK-1").sections.find((s) => s.section === "waiting").items;
	const entries = (kind) => place.run("log", "show", "--contract", "BK-1", "--json").trim().split("\n").map((l) => JSON.parse(l).entry).filter((e) => e.kind === kind);
	for (const [what, at, says] of asked) {
		await sam.goto(place.url);
		ok((await sam.locator(`a[href='/c/BK-1${at}']`).count()) === 1, `under Today the client is asked about ${what}`, (await words(sam)).slice(0, 900));
		await sam.click(`a[href='/c/BK-1${at}']`);
		const said = await words(sam);
		ok(says.every((s) => said.includes(s)), "and reads for how much, by which clause, until when and what silence means", said.slice(0, 900));
		await open(dana, at);
		ok((await words(dana)).includes("waits for the client") && (await dana.locator("main form.form").count()) === 0, "the provider reads the same, and has no button", (await words(dana)).slice(0, 300));
		const mark = (await dana.request.post(`${place.url}/c/BK-1${at}`, { form: { form: "x" } })).status();
		ok(mark === 403, "nor a way round it", mark);
	}
	ok((await open(vic, "/orders/O-1/approve")) === 403, "who only reads does not decide");
	for (const [what, at] of [["order.approved", "/orders/O-1/approve"], ["work.approved", "/hours/W-1/approve"], ["milestone.accepted", "/deliveries/move/half/accept"]]) {
		await open(sam, at);
		const twice = new URLSearchParams(await sam.locator("main form.form input").evaluateAll((all) => all.map((i) => [i.name, i.value])));
		await press(sam);
		ok(new URL(sam.url()).pathname === "/c/BK-1", `one press: ${what}`, `${sam.url()} ${(await words(sam)).slice(0, 400)}`);
		await sam.request.post(`${place.url}/c/BK-1${at}`, { data: twice.toString(), headers: { "content-type": "application/x-www-form-urlencoded", origin: place.url } });
		const told = entries(what);
		ok(told.length === 1 && told[0].party === "client", "is the client's own fact, once, however often it is sent", JSON.stringify(told));
	}
	await open(sam, "/deliveries/move/rest/accept");
	await sam.click("text=Reject, with a reason");
	await sam.fill("#reason", "Two desks are missing.");
	await press(sam);
	ok(entries("milestone.rejected").length === 1, "a delivery is rejected, with the reason", sam.url());
	await open(sam, "/purchases/S-1/approve");
	await sam.click("text=Object, with a reason");
	await sam.fill("#reason", "We did not ask for it.");
	await press(sam);
	const left = waits();
	ok(entries("fact.contested").length === 1 && left.length === 2 && left.every((i) => i.who === "provider" && !i.asks), "what the client said no to is the provider's turn", JSON.stringify(left));
	await open(dana, "");
	ok((await words(dana)).includes("S-1") && !(await words(dana)).includes("approve order O-1"), "who sees where it stands", (await words(dana)).slice(0, 900));
	await open(sam, "/orders/O-1/approve");
	ok((await words(sam)).includes("Nothing of this name waits"), "what is decided asks no more");
}

export async function facts(place, b, people) {
	const [priya, alice, dana] = [await as(b, people.priya), await as(b, people.alice), await as(b, people.dana)];
	await maintenance(place, priya, alice);
	await dispute(place, people, alice, dana);
	await decisions(place, b, await as(b, people.dana));
}
