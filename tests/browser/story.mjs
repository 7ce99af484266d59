// SPDX-License-Identifier: Apache-2.0
// A ticket, a payment, a dispute from both sides, by forms alone (no script), and what must not happen on the way: a second press counts
// once, what was typed stays, another client's contract is an unknown one, a wrong name and a wrong password read the same.
import { drafts } from "./drafts.mjs";
import { live } from "./live.mjs";
import { ok, totp, wide, withDemo } from "./open.mjs";

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
	if (new URL(page.url()).pathname !== "/me/code")
		return r;
	for (let i = 0; i < 3; i++) { // each step counts once (S6): wait for the next
		await page.fill("#code", totp(who.secret));
		await page.click("main form button");
		if (new URL(page.url()).pathname !== "/me/code")
			return r;
		await new Promise((resolve) => setTimeout(resolve, 31000 - Date.now() % 30000));
	}
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

async function money(place, b, people) {
	const dana = await as(b, people.dana);
	const alice = await as(b, people.alice);
	const open = place.json("invoice", "list", "--contract", "NW-1").map((i) => i.invoice).filter((n) => n.startsWith("INV")).pop();
	await go(place, dana, people.dana, "/c/NW-1/payments/new");
	await dana.fill("#amount", "one hundred");
	await dana.fill("#date", new Date().toISOString().slice(0, 10));
	await dana.fill("#ref", "wire 4711");
	await dana.click("main form button.first");
	ok((await words(dana)).includes("one hundred") || (await dana.inputValue("#amount")) === "one hundred", "what was typed stays when it cannot be read");
	await dana.fill("#amount", "100.00");
	await dana.click("main form button.first");
	ok(new URL(dana.url()).pathname === "/c/NW-1/account", "the payment is in the account", dana.url());
	await go(place, alice, people.alice, `/invoices/${open}/dispute`);
	await alice.fill("#reason", "care_not_given");
	await alice.click("main form button.first");
	ok(new URL(alice.url()).pathname === `/invoices/${open}`, "the client's signer disputes the invoice", `${alice.url()} ${(await words(alice)).slice(0, 200)}`);
	const due = place.json("receivables", "--contract", "NW-1");
	ok(JSON.stringify(due).includes("disputed"), "the provider's receivables know of it");
	const pdf = await alice.request.get(`${place.url}/invoices/${open}?format=pdf`);
	ok(pdf.headers()["content-type"] === "application/pdf" && (await pdf.body()).subarray(0, 5).toString() === "%PDF-", "the invoice is there on paper");
	const xml = await alice.request.get(`${place.url}/invoices/${open}?format=xml`);
	const text = await xml.text();
	ok(xml.status() === 200 && text.includes("urn:cen.eu:en16931") && text.includes(open), "and as an e-invoice", `${xml.status()} ${text.slice(0, 300)}`);
	return alice; // her session has another cookie since the second factor
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
	await drafts(place, b, people); // before second factors and signing out change whose session is whose
	await apart(place, await money(place, b, people));
});
