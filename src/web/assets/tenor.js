/* SPDX-License-Identifier: Apache-2.0 */
/* What a page can do without, and is nicer with: keys to go by, times of one's own on hover, a button that is pressed once. */
"use strict";
(function () {
	var pending = false;

	function typing(e) {
		var t = e.target.tagName;
		return t === "INPUT" || t === "TEXTAREA" || t === "SELECT" || e.target.isContentEditable;
	}
	document.addEventListener("keydown", function (e) {
		var key, first;
		if (e.ctrlKey || e.altKey || e.metaKey || typing(e))
			return;
		if (e.key === "g") {
			pending = true;
			return;
		}
		key = e.key;
		if (pending && key >= "1" && key <= "9") {
			first = document.querySelectorAll(".rail li a")[Number(key) - 1];
			if (first)
				first.click();
		}
		if (!pending && key === "n") {
			first = document.querySelector(".actions .first");
			if (first)
				first.click();
		}
		pending = false;
	});
	document.addEventListener("submit", function (e) {
		var b = e.target.querySelector("button.first");
		if (b)
			setTimeout(function () { b.disabled = true; }, 0);
	});
	window.addEventListener("pageshow", function () {
		document.querySelectorAll("button[disabled]").forEach(function (b) { b.disabled = false; });
	});
	document.querySelectorAll("time[datetime]").forEach(function (t) {
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
