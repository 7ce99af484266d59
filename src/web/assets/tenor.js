/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a page can do without, and is nicer with: keys to go by, a palette of pages and things, times of one's own on hover, a button that
 * is pressed once.
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
		if (!pending && key === "n") {
			first = document.querySelector(".actions .first");
			if (first)
				first.click();
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
	all("time[datetime]").forEach(function (t) {
		var d = new Date(t.getAttribute("datetime"));
		if (!isNaN(d) && !t.title)
			t.title = d.toLocaleString();
	});
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
