// SPDX-License-Identifier: Apache-2.0
// Terms that are being written, in a browser: by buttons alone, with findings that come while one types, as a form that keeps comments, and
// two people on one draft of whom neither loses anything. Part of story.mjs.
import { ok, wide } from "./open.mjs";

const line = "  currency: USD";

async function page(b, who, javaScriptEnabled) {
	const context = await b.newContext({ viewport: wide, javaScriptEnabled, storageState: who.state });
	const p = await context.newPage();
	p.setDefaultTimeout(60000);
	return p;
}

const words = (p) => p.textContent("main");
const press = (p, what) => p.click(`.editor button[name=do][value=${what}]`);

async function begin(place, b, people) {
	const p = await page(b, people.dana, false);
	await p.goto(`${place.url}/c/NW-1/terms`);
	await p.click("a[href='/c/NW-1/change']");
	await p.fill("#reason", "Faster answers");
	await p.click("main form:first-of-type button.first");
	const at = new URL(p.url()).pathname;
	const text = await p.inputValue("#text");
	ok(/^\/drafts\/d_[a-z0-9]{16}$/.test(at) && text.includes("Faster answers") && text.includes(line), `a draft of what is agreed: ${at}`);
	ok((await p.textContent("#paper h1")).includes("IT support"), "beside the document that it makes");
	return { p, at, text };
}

async function byButtons(p, at, text) {
	await p.fill("#text", text.replace("due: 30d", "due: soon"));
	await press(p, "check");
	const found = await p.textContent("#findings");
	ok(found.includes("payment.due") && found.includes("line ") && found.includes("is not a duration"), "a finding names line, term and reason", found);
	ok((await p.inputValue("#text")).includes("due: soon"), "and what was typed stays");
	await p.fill("#text", text.replace(line, `${line}   # as everywhere`));
	await press(p, "save");
	ok((await p.textContent(".done")).length > 0 && (await p.inputValue("#text")).includes("# as everywhere"), "saved, without script");
}

async function asForm(place, p, at) {
	await p.goto(`${place.url}${at}/form?at=payment`);
	await p.fill("[id='payment.due']", "whenever");
	await p.click("main form button.first");
	ok((await p.textContent("[id='payment.due-wrong']")).includes("is not a duration") && await p.inputValue("[id='payment.due']") === "whenever",
		"a form says beside the field what is wrong, and keeps it");
	await p.fill("[id='payment.due']", "14d");
	await p.click("main form button.first");
	await p.goto(`${place.url}${at}`);
	const text = await p.inputValue("#text");
	ok(text.includes("due: 14d") && text.includes(`${line}   # as everywhere`), "a value changes, the comment stays");
	await p.goto(`${place.url}${at}/form?at=assets`);
	await p.fill("#item", "scanner");
	await p.click("main form button.first");
	ok(new URL(p.url()).search.includes("assets.scanner"), "a new item leads to its own form");
	await p.fill("[id='assets.scanner.name']", "Scanner in room 2");
	await p.click("main form button.first");
	await p.goto(`${place.url}${at}/form?at=assets`);
	ok((await words(p)).includes("Scanner in room 2"), "and is in the list");
	await p.click("button[value='assets.scanner']");
	ok(!(await words(p)).includes("Scanner in room 2"), "from which it is taken out");
	await p.click(`a[href='${at}/diff']`);
	ok((await words(p)).includes("payment.due"), "what it changes is told by clause");
	await p.goto(`${place.url}${at}/backtest`);
	ok((await p.title()).startsWith("Back-test") && (await words(p)).length > 500, "and what it would have come to");
}

async function live(place, b, people, at) {
	const p = await page(b, people.dana, true);
	await p.goto(`${place.url}${at}`);
	const text = await p.inputValue("#text");
	await p.fill("#text", text.replace("due: 14d", "due: never"));
	const wrong = p.locator("#findings li", { hasText: "is not a duration" });
	await wrong.first().waitFor();
	ok(true, "with script findings come while one types");
	await p.click("#findings a[data-line]");
	const marked = await p.evaluate(() => { const t = document.getElementById("text"); return t.value.slice(t.selectionStart, t.selectionEnd); });
	ok(marked.includes("due: never"), "and lead to their line", marked);
	await p.fill("#text", text);
	await wrong.first().waitFor({ state: "detached" });
	ok(await p.evaluate(() => document.querySelectorAll("h1").length === 1), "until they are put right");
	await p.context().close();
}

async function together(place, b, people, at) {
	const [one, two] = [await page(b, people.dana, false), await page(b, people.dana, false)];
	await one.goto(`${place.url}${at}`);
	await two.goto(`${place.url}${at}`);
	const text = await one.inputValue("#text");
	await one.fill("#text", text.replace("due: 14d", "due: 21d"));
	await press(one, "save");
	await two.fill("#text", text.replace("title: IT support", "title: IT support and care"));
	await press(two, "save");
	const told = await words(two);
	ok(told.includes("due: 21d") && told.includes("IT support and care"), "who saves second sees both changes");
	const merged = await two.inputValue("#text");
	ok(merged.includes("due: 21d") && merged.includes("IT support and care") && !merged.includes("<<<<<<<"), "and both together, to go on from");
	await press(two, "save");
	await two.goto(`${place.url}${at}`);
	ok(await two.inputValue("#text") === merged, "which is saved");
}

async function unseen(place, b, people, at) {
	const alice = await page(b, people.alice, false);
	const [theirs, none] = [await alice.goto(`${place.url}${at}`), await alice.goto(`${place.url}/drafts/d_0000000000000000`)];
	ok(theirs.status() === 404 && none.status() === 404, "the other side finds nothing there");
	const priya = await page(b, people.priya, false);
	ok((await priya.goto(`${place.url}/drafts`)).status() === 403, "and whoever writes no terms is refused");
}

export async function drafts(place, b, people) {
	const { p, at, text } = await begin(place, b, people);
	await byButtons(p, at, text);
	await asForm(place, p, at);
	await live(place, b, people, at);
	await together(place, b, people, at);
	await unseen(place, b, people, at);
	await p.goto(`${place.url}${at}`);
	await press(p, "drop");
	ok(new URL(p.url()).pathname === "/drafts" && !(await words(p)).includes(at.slice(8)), "thrown away");
}
