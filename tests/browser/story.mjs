// SPDX-License-Identifier: Apache-2.0
// A ticket, a payment, a dispute from both sides, by forms alone (no script), and what must not happen on the way: a second press counts
// once, what was typed stays, another client's contract is an unknown one, a wrong name and a wrong password read the same.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { drafts } from "./drafts.mjs";
import { facts } from "./facts.mjs";
import { live } from "./live.mjs";
import { ok, stepUp, tenor, wide, withDemo } from "./open.mjs";

const quiet = { viewport: wide, javaScriptEnabled: false };

async function as(b, who) {
	const context = await b.newContext({ ...quiet, storageState: who.state });
	const page = await context.newPage();
	page.setDefaultTimeout(60000);
	return page;
}

// Goes to a page; gives the second factor again where the page asks for it.
async function go(place, page, who, at) {
	const r = await page.goto(place.url + at);
	await stepUp(page, who);
	return r;
}

const words = (page) => page.textContent("main");

async function ticket(place, b, people) {
	const rosa = await as(b, people.rosa);
	await rosa.goto(`${place.url}/c/NW-1/tickets/new`);
	const id = await rosa.inputValue("#ticket");
	await rosa.fill("#summary", "The label printer <b>blinks</b>");
	await rosa.fill("#words", "Since this morning.\nIt is the one in room 4.");
	await rosa.selectOption("#priority", "P2");
	ok(/^T-[2-9A-Z]{6}$/.test(id), `a number is there before anything is typed: ${id}`);
	await rosa.click("main form button.first");
	ok(new URL(rosa.url()).pathname === `/c/NW-1/tickets/${id}`, "the requester is on the ticket's page", rosa.url());
	ok((await words(rosa)).includes("The label printer <b>blinks</b>"), "the words stand there as typed, and are no markup");
	await rosa.goBack();
	await rosa.click("main form button.first");
	const facts = place.json("ticket", "show", id, "--contract", "NW-1").facts;
	ok(facts.filter((f) => f.fact === "ticket.logged").length === 1, "sent twice, it was opened once", JSON.stringify(facts).slice(0, 300));

	const priya = await as(b, people.priya);
	await priya.goto(`${place.url}/c/NW-1/tickets`);
	ok((await words(priya)).includes(id), "the service desk sees it in the list");
	await priya.goto(`${place.url}/c/NW-1/tickets/${id}/answer`);
	await priya.fill("#words", " ");
	await priya.click("main form button.first");
	ok((await priya.content()).includes("aria-invalid"), "an answer without words is asked for again, beside the field");
	await priya.fill("#words", "We are on our way.");
	await priya.click("main form button.first");
	ok((await words(priya)).includes("We are on our way."), "the answer is on the ticket");
	await rosa.goto(`${place.url}/c/NW-1/tickets/${id}`);
	ok((await words(rosa)).includes("We are on our way."), "the requester reads it");
	const r = await rosa.goto(`${place.url}/c/NW-1/tickets/${id}/resolve`);
	ok(r.status() === 403, "a requester does not resolve", r.status());
}

// A month's end: the statement with what is owed for words not kept, the invoice that gives it back, the client's dispute, its end.
async function money(place, b, people) {
	const dana = await as(b, people.dana);
	const alice = await as(b, people.alice);
	const first = (months) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + months, 1)).toISOString().slice(0, 10);
	const month = first(-1).slice(0, 7);
	await go(place, dana, people.dana, "/c/NW-1/payments/new");
	await dana.fill("#amount", "one hundred");
	await dana.fill("#date", today());
	await dana.fill("#ref", "wire 4711");
	await dana.click("main form button.first");
	ok((await words(dana)).includes("one hundred") || (await dana.inputValue("#amount")) === "one hundred", "what was typed stays when it cannot be read");
	await dana.fill("#amount", "100.00");
	await dana.click("main form button.first");
	ok(new URL(dana.url()).pathname === "/c/NW-1/account", "the payment is in the account", dana.url());

	await go(place, dana, people.dana, `/c/NW-1/statement/${month}/issue`);
	await dana.click("main form button.first");
	ok(new URL(dana.url()).pathname === `/c/NW-1/statement/${month}`, "the statement of the month is issued", dana.url());
	const statement = place.json("statement", "--contract", "NW-1", "--month", month);
	const owed = statement.credits.map((c) => c.amount.replace(" USD", ""));
	// issued only now: late from the tenth business day of this month on
	const late = statement.deadlines.some((d) => d.kind === "report" && d.about === month && d.state === "late");
	await alice.goto(`${place.url}/c/NW-1/statement/${month}`);
	const said = await words(alice);
	ok((owed.length > 0 || !late) && owed.every((amount) => said.includes(amount)), `the client reads there what is owed for words not kept: ${owed.join(", ")}`, said.slice(0, 400));
	ok(said.includes("This is what is known now") && (await alice.locator("a[href$='?revision=1']").count()) === 1, "which says what it is, and leads to the statement as it was issued", said.slice(0, 300));
	await alice.click("a[href$='?revision=1']");
	ok((await words(alice)).includes("as it was issued") && (await alice.locator("main a", { hasText: "What is known now" }).count()) === 1, "and back from there", (await words(alice)).slice(0, 300));
	await alice.goto(`${place.url}/c/NW-1/statement/${first(0).slice(0, 7)}`);
	ok((await words(alice)).includes("Not issued yet"), "that of this month is not issued");
	ok((await words(alice)).includes("missed"), "and that of this month an answer came late");
	const invoices = () => place.json("invoice", "list", "--contract", "NW-1").map((i) => i.invoice).filter((n) => n.startsWith("INV"));
	const before = invoices();
	await go(place, dana, people.dana, "/c/NW-1/invoices/issue");
	await dana.fill("#on", today());
	await dana.click("main form button.first");
	const issued = invoices();
	const open = issued[issued.length - 1];
	ok(issued.length === before.length + 1 && !before.includes(open), `this month's invoice is issued: ${open}`, before, issued, (await words(dana)).slice(0, 600));
	await go(place, alice, people.alice, `/invoices/${open}`);
	const billed = await words(alice);
	ok(owed.every((amount) => billed.includes(amount)), `the next invoice, ${open}, gives it back`, billed.slice(0, 600));

	await go(place, alice, people.alice, `/invoices/${open}/dispute`);
	await alice.selectOption("#line", "1");
	await alice.fill("#amount", "100.00");
	await alice.fill("#reason", "care_not_given");
	await alice.click("main form button.first");
	ok(new URL(alice.url()).pathname === `/invoices/${open}`, "the client's signer disputes a part of it", `${alice.url()} ${(await words(alice)).slice(0, 200)}`);
	const { dispute } = place.json("statement-of-account", "--contract", "NW-1")[0].disputes[0];
	await dana.goto(place.url);
	await dana.click(`a[href*="${dispute}"]`);
	ok((await words(dana)).includes("100.00 USD") && (await words(dana)).includes(open), "the provider sees what is disputed before it decides", (await words(dana)).slice(0, 300));
	await dana.selectOption("#outcome", "upheld");
	await dana.check("#credit-note");
	await dana.click("main form button.first");
	ok(new URL(dana.url()).pathname === "/c/NW-1/account", "the provider finds it under Today and gives way", `${dana.url()} ${(await words(dana)).slice(0, 300)}`);
	await alice.goto(`${place.url}/c/NW-1/account`);
	ok(/CN-\d{4}-\d+/.test(await words(alice)), "its credit note is in the client's account", (await words(alice)).slice(0, 600));
	const pdf = await alice.request.get(`${place.url}/invoices/${open}?format=pdf`);
	ok(pdf.headers()["content-type"] === "application/pdf" && (await pdf.body()).subarray(0, 5).toString() === "%PDF-", "the invoice is there on paper");
	const xml = await alice.request.get(`${place.url}/invoices/${open}?format=xml`);
	const text = await xml.text();
	ok(xml.status() === 200 && text.includes("urn:cen.eu:en16931") && text.includes(open), "and as an e-invoice", `${xml.status()} ${text.slice(0, 300)}`);
	return { dana, alice, month }; // their sessions have other cookies since the second factor
}

// Today where the contract is: until five in the morning UTC it is still yesterday there, and what is ahead is refused.
const today = () => new Date().toLocaleDateString("en-CA", { timeZone: "America/New_York" });

const entry = (id, amount, reference) => `<Ntry><Amt Ccy="USD">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>`
	+ `<BookgDt><Dt>2026-09-04</Dt></BookgDt><ValDt><Dt>2026-09-04</Dt></ValDt><AcctSvcrRef>${id}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>${reference}`
	+ "</EndToEndId></Refs><RltdPties><Dbtr><Nm>Lakeside Dental</Nm></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>";
const file = (name, mimeType, text) => ({ name, mimeType, buffer: Buffer.from(text) });

// A bank's statement: tried, then what a person decides, then recorded, by the file that was sent once; and own costs, which no client sees.
async function bank(place, people, { dana, alice }) {
	const documents = place.json("statement-of-account", "--contract", "LD-1")[0].documents.filter((d) => d.invoice.startsWith("INV") && Number(d.open) > 0);
	const [known, guessed] = documents;
	await go(place, dana, people.dana, "/receivables/bank");
	await dana.setInputFiles("#file", file("may.xml", "application/xml", `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>`
		+ `<GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id>${entry("B-1", known.open, known.invoice)}${entry("B-2", guessed.open, "thanks")}</Stmt></BkToCstmrStmt></Document>`));
	await dana.check("#dry-run");
	await dana.click("main form button.first");
	ok((await words(dana)).includes("B-2") && (await dana.locator("#accept-0").count()) === 1, "a trial shows what the bank's statement comes to, and asks about what is not certain",
		(await words(dana)).slice(0, 400));
	await dana.selectOption("#accept-0", guessed.invoice);
	await dana.click("main form button.first");
	ok(((await words(dana)).match(/recorded/g) || []).length === 2, "decided, both are recorded, without sending the file again", (await words(dana)).slice(0, 400));
	await go(place, dana, people.dana, "/account/northwind/margin");
	await dana.setInputFiles("#costs", file("costs.csv", "text/csv", "date,kind,amount\n2026-09-30,hours,900.00\n"));
	await dana.fill("#from", "2026-09");
	await dana.fill("#to", "2026-09");
	await dana.click("main form button.first");
	ok((await words(dana)).includes("900.00"), "the owner sees what a client earned against own cost", (await words(dana)).slice(0, 300));
	ok((await alice.goto(`${place.url}/account/northwind/margin`)).status() === 403, "the client does not");
}

// The client takes the record home and checks it there: a folder without a workspace, the key from paper.
async function proof(place, { alice, month }) {
	await alice.goto(`${place.url}/c/NW-1/proof?month=${month}`);
	const page = await words(alice);
	const [download] = await Promise.all([alice.waitForEvent("download"), alice.click("main form button.first")]);
	const elsewhere = mkdtempSync(path.join(tmpdir(), "tenor-elsewhere-"));
	const at = path.join(elsewhere, download.suggestedFilename());
	await download.saveAs(at);
	const run = (...args) => spawnSync(tenor, args, { cwd: elsewhere, env: { ...process.env, HOME: elsewhere }, encoding: "utf8" });
	run("trust", "add", /tenor trust add (\S+)/.exec(page)[1]);
	const good = run("verify", at);
	const n = /(\d[\d,]*) entries give the root/.exec(page)[1].replace(",", "");
	ok(good.status === 0 && good.stdout.includes(`root: passed: ${n} entries`) && good.stdout.includes("numbers recomputed"), `${download.suggestedFilename()} is verified offline, with the root the page says`,
		good.stdout + good.stderr);
	writeFileSync(at, readFileSync(at).toString("latin1").replace(/"priority":"P3"/, '"priority":"P1"'), "latin1");
	ok(run("verify", at).status === 1, "one word of it changed, it is not");
	rmSync(elsewhere, { recursive: true });
}

// A ticket that begins with a template, of either side; what does not fit where a ticket stands.
async function templates(place, { dana, alice }) {
	place.run("template", "save", "new-starter", "--title", "New starter", "--priority", "P3", "--queue", "second-line", "--for-clients", "--words", "Name:");
	place.run("template", "save", "ours", "--title", "Ours alone");
	await alice.goto(`${place.url}/c/NW-1/tickets/new`);
	ok((await alice.locator("#template option").allTextContents()).join() === "new-starter", "the client is offered what is for clients");
	await dana.goto(`${place.url}/c/NW-1/tickets/new`);
	await dana.selectOption("#template", "new-starter");
	await dana.click("main form.filters button");
	ok((await dana.inputValue("#summary")) === "New starter" && (await dana.inputValue("#words")) === "Name:" && (await dana.inputValue("#priority")) === "P3", "the form fills itself in");
	await dana.click("main form.form button.first");
	const number = new URL(dana.url()).pathname.split("/").pop();
	const found = place.json("ticket", "list", "--contract", "NW-1").tickets.find((t) => t.ticket === number);
	ok(found && found.queue === "second-line" && found.summary === "New starter", "the ticket is there, and in its queue", JSON.stringify(found));
	const buttons = await dana.locator("main .actions a, .deck a.button").allTextContents();
	ok(buttons.includes("Resolve") && !buttons.includes("Reopen"), "an open ticket can be resolved, not reopened", buttons);
	await dana.goto(`${place.url}/c/NW-1/tickets/${number}/reopen`);
	ok((await dana.locator("main form").count()) === 0 && (await words(dana)).includes("nothing to do here"), "and its form says so", (await words(dana)).slice(0, 200));
}

// Somebody asked that a second factor is taken away; who still has it presses one button.
async function keeps(place, { dana }) {
	place.run("user", "add", "boss", "--role", "owner");
	place.run("user", "add", "ops", "--role", "operator");
	place.run("factor", "reset", "dana", "--as", "boss");
	place.run("factor", "approve", "dana", "--as", "ops");
	const keep = dana.locator("form[action='/me/factor/keep'] button");
	await dana.goto(place.url);
	ok((await keep.count()) === 1, "each page says that a second factor is to be taken away", (await words(dana)).slice(0, 200));
	await keep.click();
	await dana.goto(place.url);
	ok((await keep.count()) === 0 && place.json("factor", "list").length === 0, "kept by one button, it stays");
}

async function apart(place, alice) {
	const strip = (t) => t.replace(/<code>[a-z0-9]{16}<\/code>/, "").replace(/name="form" value="[^"]*"/g, "");
	for (const at of ["", "/terms", "/tickets", "/invoices", "/account", "/record", "/tickets/T-101"]) {
		const foreign = await alice.goto(`${place.url}/c/LD-1${at}`);
		const a = strip(await foreign.text());
		const unknown = await alice.goto(`${place.url}/c/XX-9${at}`);
		ok(foreign.status() === 404 && unknown.status() === 404 && a === strip(await unknown.text()), `another client's contract is an unknown one: ${at || "/"}`,
			`${foreign.status()} ${unknown.status()}`);
	}
	for (const at of ["/receivables", "/clients/new", "/c/NW-1/payments/new", "/c/NW-1/invoices/issue"]) {
		const r = await alice.goto(place.url + at);
		ok(r.status() === 403 || r.status() === 404, `not for a client: ${at}`, r.status());
	}
	await alice.click("text=Sign out");
	await alice.goto(`${place.url}/c/NW-1`);
	ok(new URL(alice.url()).pathname === "/sign-in", "signed out, one is asked to sign in");
	const said = [];
	for (const name of ["alice", "nobody-here"]) {
		await alice.goto(`${place.url}/sign-in`);
		await alice.fill("#handle", name);
		await alice.fill("#password", "not the right one at all");
		await alice.click("main form button.first");
		said.push(await alice.textContent(".note"));
	}
	ok(said[0] && said[0] === said[1], "a wrong password and a wrong name read the same", said);
}

await withDemo("story", async (place, b, people) => {
	await ticket(place, b, people);
	await live(place, b, people);
	await facts(place, b, people);
	await drafts(place, b, people); // before second factors and signing out change whose session is whose
	const both = await money(place, b, people);
	await bank(place, people, both);
	await proof(place, both);
	await templates(place, both);
	await keeps(place, both);
	await apart(place, both.alice);
});
