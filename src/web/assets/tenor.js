/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a page can do without, and is nicer with: keys to go by, a palette of pages and things, times of one's own on hover, a button that
 * is pressed once, pages that are kept up to date.
 */
"use strict";
(function () {
	var pending = false;

	function all(what) {
		return Array.prototype.slice.call(document.querySelectorAll(what));
	}
	function typing(e) {
		var t = e.target.tagName;
		return t === "INPUT" || t === "TEXTAREA" || t === "SELECT" || e.target.isContentEditable;
	}
	/* Along a list of links; backwards only from one of them. */
	function along(step) {
		var rows = all("main tbody tr").map(function (r) { return r.querySelector("a"); }).filter(Boolean);
		var here = rows.indexOf(document.activeElement);
		if (!rows.length || (step < 0 && here < 0))
			return false;
		rows[Math.max(0, Math.min(rows.length - 1, here + step))].focus();
		return true;
	}

	/* Menus that scroll sideways on a phone begin with where one is. */
	all(".rail ul, .tabs").forEach(function (menu) {
		var here = menu.querySelector("[aria-current]");
		if (here && menu.scrollWidth > menu.clientWidth)
			menu.scrollLeft = here.getBoundingClientRect().left - menu.getBoundingClientRect().left - 16;
	});

	function open(id) {
		var d = document.getElementById(id);
		if (d && d.showModal && !document.querySelector("dialog[open]"))
			d.showModal();
		return d;
	}

	/* The palette: pages of the menus as they stand here, and what is found, by arrow keys and Enter. */
	var palette = document.getElementById("palette");
	var box = palette && palette.querySelector("input"), list = palette && palette.querySelector("ul");
	var says = palette && palette.querySelector("[role=status]");
	var at = -1, asked = 0, timer;

	function choose(i) {
		var rows = list.children;
		if (at >= 0 && rows[at])
			rows[at].setAttribute("aria-selected", "false");
		at = rows.length ? (i + rows.length) % rows.length : -1;
		if (at < 0) {
			box.removeAttribute("aria-activedescendant");
			return;
		}
		rows[at].setAttribute("aria-selected", "true");
		rows[at].scrollIntoView({block: "nearest"});
		box.setAttribute("aria-activedescendant", rows[at].id);
	}
	function go(row) {
		if (row)
			location.href = row.getAttribute("data-href");
	}
	function add(name, beside, href) {
		var row = document.createElement("li"), soft = document.createElement("span");
		row.id = "palette-" + list.children.length;
		row.setAttribute("role", "option");
		row.setAttribute("aria-selected", "false");
		row.setAttribute("data-href", href);
		row.textContent = name + " ";
		soft.className = "soft";
		soft.textContent = beside;
		row.appendChild(soft);
		row.addEventListener("click", function () { go(row); });
		list.appendChild(row);
	}
	function pages(q) {
		list.textContent = "";
		all(".rail li a, .tabs li a, .actions a").forEach(function (a) {
			if (a.textContent.toLowerCase().indexOf(q.toLowerCase()) >= 0)
				add(a.textContent, "", a.getAttribute("href"));
		});
		choose(0);
	}
	function things(q) {
		var mine = ++asked;
		fetch("/find?format=json&q=" + encodeURIComponent(q)).then(function (r) {
			return r.ok ? r.json() : {found: []};
		}).then(function (r) {
			if (mine !== asked || box.value.trim() !== q)
				return;
			r.found.forEach(function (x) {
				var soft = [x.what, x.line, x.contract, x.kind];
				add(x.name, soft.filter(function (s, i) { return s && s !== x.name && soft.indexOf(s) === i; }).join(" \u00b7 "), x.href);
			});
			if (r.whole)
				add(r.whole.name, "", r.whole.href);
			choose(at < 0 ? 0 : at);
			says.textContent = list.children.length ? "" : says.getAttribute("data-none");
		}).catch(function () { says.textContent = says.getAttribute("data-none"); });
	}
	function typed() {
		var q = box.value.trim();
		pages(q);
		says.textContent = "";
		clearTimeout(timer);
		asked++;
		if (q.length > 1)
			timer = setTimeout(function () { things(q); }, 150);
	}
	if (palette) {
		box.addEventListener("input", typed);
		palette.addEventListener("keydown", function (e) {
			if (e.key === "ArrowDown" || e.key === "ArrowUp") {
				choose(at + (e.key === "ArrowDown" ? 1 : -1));
				e.preventDefault();
			} else if (e.key === "Enter") {
				go(list.children[at]);
				e.preventDefault();
			}
		});
	}
	function show() {
		if (palette && open("palette").open) {
			box.value = "";
			typed();
			box.focus();
		}
	}

	document.addEventListener("keydown", function (e) {
		var key = e.key, first;
		if (key === "k" && (e.ctrlKey || e.metaKey) && !e.altKey && palette) {
			e.preventDefault();
			show();
			return;
		}
		if (e.ctrlKey || e.altKey || e.metaKey || typing(e) || document.querySelector("dialog[open]"))
			return;
		if (key === "g") {
			pending = true;
			return;
		}
		if (pending && key >= "1" && key <= "9") {
			first = all(".rail li a")[Number(key) - 1];
			if (first)
				first.click();
		}
		if (!pending && key >= "1" && key <= "9") {
			first = all(".deck .actions .button")[Number(key) - 1];
			if (first)
				first.click();
		}
		if (!pending && key === "n") {
			first = document.querySelector(".actions .first, details.new > summary");
			if (first)
				first.click();
			first = document.querySelector("details.new[open] a");
			if (first)
				first.focus();
		}
		if (!pending && (key === "j" || key === "k") && along(key === "j" ? 1 : -1))
			return;
		if (!pending && key === "/") {
			first = document.getElementById("find");
			if (first) {
				e.preventDefault();
				first.focus();
				first.select();
			}
		}
		if (!pending && key === "k") {
			e.preventDefault();
			show();
		}
		if (!pending && key === "?")
			open("keys");
		pending = false;
	});
	document.addEventListener("submit", function (e) {
		var b = e.target.querySelector("button.first");
		if (b)
			setTimeout(function () { b.disabled = true; }, 0);
	});
	window.addEventListener("pageshow", function () {
		all("button[disabled]").forEach(function (b) { b.disabled = false; });
	});
	/* Said when somebody asks: to print times for a zone takes a browser longer at first than all else here. */
	document.addEventListener("mouseover", function (e) {
		var t = e.target.closest && e.target.closest("time[datetime]"), d = t && new Date(t.getAttribute("datetime"));
		if (t && !t.title && !isNaN(d))
			t.title = d.toLocaleString();
	});

	/*
	 * A page that is kept up to date: told by the server that something is new, and each minute for its clocks, it asks for itself again and
	 * puts what changed in its place. Forms stay, with what is typed; a link that had the focus has it again.
	 */
	var main = document.querySelector("main[data-live]"), news = document.getElementById("news");
	var source, soon, last = 0, ended = false;

	function holdsForm(n) {
		return n.matches("form, .done") || n.querySelector("form");
	}
	/* What stands between the forms. */
	function stretches(of) {
		var out = [[]];
		Array.prototype.forEach.call(of.children, function (n) {
			if (holdsForm(n))
				out.push([]);
			else
				out[out.length - 1].push(n);
		});
		return out;
	}
	function markup(nodes) {
		return nodes.map(function (n) { return n.outerHTML.replace(/ title="[^"]*"/g, ""); }).join("");
	}
	function tell(key) {
		news.textContent = news.getAttribute(key) + " " + new Date().toLocaleTimeString();
	}
	function put(page) {
		var old = stretches(main), fresh = stretches(page), forms = Array.prototype.filter.call(main.children, holdsForm), changed = false;
		var link = main.contains(document.activeElement) && document.activeElement.getAttribute("href");
		if (old.length !== fresh.length)
			return null;
		old.forEach(function (nodes, i) {
			if (markup(nodes) === markup(fresh[i]))
				return;
			changed = true;
			nodes.forEach(function (n) { n.remove(); });
			fresh[i].forEach(function (n) { main.insertBefore(document.adoptNode(n), forms[i] || null); });
		});
		if (changed && link && !main.contains(document.activeElement))
			all("main a").some(function (a) { return a.getAttribute("href") === link && (a.focus(), true); });
		return changed;
	}
	function stop() {
		ended = true;
		if (source)
			source.close();
		tell("data-ended");
	}
	function refresh(told) {
		last = Date.now();
		fetch(location.href, {headers: {"X-Tenor-Live": "1"}, credentials: "same-origin"}).then(function (r) {
			return r.ok && !r.redirected ? r.text() : null;
		}).then(function (html) {
			var page = html && new DOMParser().parseFromString(html, "text/html").querySelector("main[data-live]");
			var changed = page && put(page);
			if (!page || changed === null)
				stop();
			else if (changed && told)
				tell("data-new");
		}).catch(function () { /* the next minute asks again */ });
	}
	function grew() {
		clearTimeout(soon);
		soon = setTimeout(function () { refresh(true); }, Math.max(200, last + 3000 - Date.now()));
	}
	function listen() {
		if (source)
			source.close();
		source = null;
		if (document.hidden || ended || !main.getAttribute("data-live"))
			return;
		source = new EventSource(main.getAttribute("data-live"));
		source.addEventListener("grew", grew);
	}
	if (main && news && window.EventSource && window.fetch) {
		window.addEventListener("load", listen); // the page is to be seen first
		document.addEventListener("visibilitychange", listen);
		window.addEventListener("pagehide", function () { if (source) source.close(); });
		setInterval(function () {
			if (!document.hidden && !ended)
				refresh(false);
		}, 60000);
	}
	/* A draft is checked while it is written: the button "Check" pressed after a pause, and what it answers put beside the text. */
	document.querySelectorAll("textarea[data-live]").forEach(function (area) {
		var timer, asked = 0, form = area.form;

		if (!document.getElementById("findings"))
			return;
		function check() {
			var now = ++asked, body = new URLSearchParams(new FormData(form));
			body.set("do", "check");
			fetch(form.action, { method: "POST", body: body, credentials: "same-origin" }).then(function (r) {
				return r.ok ? r.text() : null;
			}).then(function (html) {
				var page = html && new DOMParser().parseFromString(html, "text/html");
				if (!page || now !== asked)
					return;
				["findings", "paper"].forEach(function (id) {
					var fresh = page.getElementById(id);
					if (fresh)
						document.getElementById(id).replaceWith(document.adoptNode(fresh));
				});
			}).catch(function () { /* the button is still there */ });
		}
		area.addEventListener("input", function () {
			clearTimeout(timer);
			timer = setTimeout(check, 700);
		});
		document.addEventListener("click", function (e) {
			var a = e.target.closest && e.target.closest("a[data-line]"), lines, from;
			if (!a)
				return;
			e.preventDefault();
			lines = area.value.split("\n");
			from = lines.slice(0, Number(a.getAttribute("data-line")) - 1).join("\n").length;
			from += from > 0 ? 1 : 0;
			area.focus();
			area.setSelectionRange(from, from + (lines[Number(a.getAttribute("data-line")) - 1] || "").length);
			area.scrollTop = (Number(a.getAttribute("data-line")) - 5) * area.scrollHeight / lines.length;
		});
	});
})();
