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
})();
