/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The look of a page: tokens first, and nothing but tokens after. Light and dark differ only in the tokens. Four literals,
 * because one may not be longer than 4,095 bytes.
 */
#ifndef RENDER_STYLE_H
#define RENDER_STYLE_H

/* clang-format off */
#define STYLE_TOKENS \
	":root{color-scheme:light dark;--ground:#faf9f7;--sheet:#fff;--line:#e3e0da;--ink:#1b1f21;--quiet:#596063;" \
	"--mark:#0e5a61;--tint:#ecf3f3;--good:#286a3c;--good-tint:#e7f2ea;--warn:#835400;--warn-tint:#fbf0da;" \
	"--bad:#a12f2a;--bad-tint:#fbe8e6;--idle:#555c60;--idle-tint:#eeedea;--a:.25rem;--b:.5rem;--c:.75rem;--d:1rem;" \
	"--e:1.5rem;--f:2.5rem;--fine:.8125rem;--text:.9375rem;--head:1.0625rem;--name:1.75rem;--big:1.5rem;--bend:.5rem;" \
	"--page:66rem}" \
	"@media (prefers-color-scheme:dark){:root{--ground:#14171a;--sheet:#1b1f22;--line:#31373b;--ink:#e8e6e1;" \
	"--quiet:#a6adb0;--mark:#82c5ca;--tint:#1d2b2e;--good:#8ecfa1;--good-tint:#1a2a20;--warn:#e2b660;" \
	"--warn-tint:#2d2516;--bad:#ef938c;--bad-tint:#331d1c;--idle:#adb3b6;--idle-tint:#272b2e}}\n"

#define STYLE_TEXT \
	"*{box-sizing:border-box}" \
	"body{margin:0;background:var(--ground);color:var(--ink);font:var(--text)/1.5 Inter,\"Segoe UI\",system-ui," \
	"sans-serif;font-variant-numeric:tabular-nums}" \
	"main,body>footer{max-width:var(--page);margin:0 auto;padding:var(--e) var(--f)}" \
	"main{display:grid;gap:var(--f);grid-template-columns:minmax(0,1fr)}" \
	"a{color:var(--mark);text-decoration-thickness:1px;text-underline-offset:.2em}" \
	":focus-visible{outline:2px solid var(--mark);outline-offset:2px;border-radius:2px}" \
	":target{scroll-margin-top:var(--d)}" \
	"article:target{border-color:var(--mark)}" \
	"h1,h2,h3{margin:0;line-height:1.25;font-weight:600;text-wrap:balance}" \
	"h1{font-size:var(--name);letter-spacing:-.012em}" \
	"h2{font-size:var(--head)}" \
	"h3,article h2{font-size:var(--text)}" \
	"p,ul,dl,blockquote{margin:0}" \
	"time,.keep{white-space:nowrap}" \
	"abbr{text-decoration:underline dotted;text-underline-offset:.2em}" \
	"code{font:.92em ui-monospace,\"DejaVu Sans Mono\",monospace;overflow-wrap:anywhere}" \
	".soft{color:var(--quiet)}th .soft{font-weight:400}" \
	".fine{font-size:var(--fine)}" \
	".skip{position:absolute;left:var(--d);top:-4rem;background:var(--sheet);padding:var(--b) var(--d);" \
	"border:1px solid var(--line);border-radius:var(--bend)}" \
	".skip:focus{top:var(--d)}" \
	".unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);" \
	"white-space:nowrap}" \
	".title{display:grid;gap:var(--a)}" \
	".title>div{display:flex;flex-wrap:wrap;gap:var(--b) var(--d);align-items:center}" \
	".state{display:inline-flex;white-space:nowrap;align-items:center;gap:.4em;font-size:var(--fine);font-weight:600;border-radius:99px;" \
	"padding:.1em .7em .1em .5em;justify-self:start;color:var(--idle);background:var(--idle-tint)}" \
	".state::before{content:\"\\2013\";content:\"\\2013\"/\"\";font-weight:700}" \
	".state.kept{color:var(--good);background:var(--good-tint)}" \
	".state.kept::before{content:\"\\2713\";content:\"\\2713\"/\"\"}" \
	".state.risk{color:var(--warn);background:var(--warn-tint)}" \
	".state.risk::before{content:\"\\25D1\";content:\"\\25D1\"/\"\"}" \
	".state.missed{color:var(--bad);background:var(--bad-tint)}" \
	".state.missed::before{content:\"\\2715\";content:\"\\2715\"/\"\"}\n"

#define STYLE_BLOCKS \
	"section{display:grid;gap:var(--d);grid-template-columns:minmax(0,1fr)}" \
	".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(12.5rem,1fr));gap:1px;background:var(--line);" \
	"border:1px solid var(--line);border-radius:var(--bend);overflow:hidden}" \
	".tile{background:var(--sheet);padding:var(--d);display:grid;gap:var(--b);align-content:start;min-width:0}" \
	".tile svg{margin-top:var(--a)}" \
	".figure{font-size:var(--big);font-weight:600;letter-spacing:-.02em;line-height:1.15}" \
	".figure a{color:inherit;text-decoration:none}" \
	".figure a:hover{text-decoration:underline}" \
	".figure small{font-size:var(--fine);font-weight:400;letter-spacing:0;color:var(--quiet)}" \
	".card,article{background:var(--sheet);border:1px solid var(--line);border-radius:var(--bend);padding:var(--d);" \
	"display:grid;gap:var(--c);grid-template-columns:minmax(0,1fr);min-width:0}" \
	"article>header{display:flex;flex-wrap:wrap;gap:var(--a) var(--c);align-items:baseline}" \
	"article>header .soft{margin-left:auto}" \
	".number{color:var(--quiet);font-weight:400}" \
	".ref{font-size:var(--fine);white-space:nowrap;text-decoration:none}" \
	".ref:hover{text-decoration:underline}" \
	".back{order:3;font-size:var(--fine);text-decoration:none;padding:0 .3em}" \
	"dl{display:grid;grid-template-columns:minmax(6rem,max-content) minmax(0,1fr);gap:var(--a) var(--d)}" \
	"dt{color:var(--quiet);max-width:11rem}" \
	"dd{margin:0;grid-column:2;overflow-wrap:anywhere}" \
	"dd.sum{display:flex;justify-content:space-between;gap:0 var(--d)}" \
	"ul{padding-left:1.1em}" \
	"li::marker{color:var(--quiet)}" \
	"blockquote{border-left:2px solid var(--line);padding-left:var(--d)}" \
	".note{padding-left:var(--c);border-left:2px solid var(--line)}" \
	".note.missed{border-color:var(--bad)}" \
	".note.risk{border-color:var(--warn)}" \
	".note.kept{border-color:var(--good)}" \
	".scroll{overflow-x:auto}" \
	"table{border-collapse:collapse;width:100%}" \
	".scroll.wide{font-size:var(--fine)}" \
	"caption{text-align:left;color:var(--quiet);font-size:var(--fine);padding-bottom:var(--a)}" \
	"th{text-align:left;font-weight:400}" \
	"thead th{font-size:var(--fine);font-weight:550;color:var(--quiet)}" \
	"th,td{padding:var(--b) var(--d) var(--b) 0;border-bottom:1px solid var(--line);vertical-align:baseline}" \
	"tbody tr:last-child>*{border-bottom:0}" \
	"th:last-child,td:last-child{padding-right:0}" \
	"tbody th{font-weight:550}td:last-child:not(.num){overflow-wrap:anywhere;min-width:9rem}" \
	"dt:not(.raw)::first-letter,thead th::first-letter,caption:not(.raw)::first-letter{text-transform:uppercase}" \
	".num{text-align:right;white-space:nowrap}" \
	"body>footer{color:var(--quiet);font-size:var(--fine);display:flex;flex-wrap:wrap;gap:var(--a) var(--e);" \
	"padding-top:0}" \
	"body>footer span{min-width:0}\n"

#define STYLE_CHARTS \
	"svg{display:block;width:100%;overflow:visible}" \
	"svg text{font-size:11px;fill:var(--quiet)}" \
	"svg text.strong{fill:var(--ink);font-weight:600}" \
	".axis{stroke:var(--line)}" \
	".target{stroke:var(--quiet);stroke-dasharray:3 3}" \
	".bar{fill:var(--mark);opacity:.6}" \
	".bar.out{fill:var(--bad);opacity:1}" \
	".open{fill:var(--tint)}" \
	".run{fill:var(--mark)}" \
	".over{fill:var(--bad)}" \
	".wait{fill:none;stroke:var(--warn);stroke-width:1.5;stroke-dasharray:2 2}" \
	".unknown{fill:var(--idle);opacity:.35}" \
	"@media (min-width:64rem){.why>article{padding:var(--d) var(--e)}}" \
	"@media (max-width:40rem){main,body>footer{padding:var(--d)}" \
	"main{gap:var(--e)}" \
	".tiles{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}" \
	"article>header .soft{margin-left:0}" \
	"article>header h2,article>header h3{width:100%}" \
	"dl{grid-template-columns:fit-content(9.25rem) minmax(0,1fr);gap:var(--a) var(--c)}" \
	"dt{min-width:6rem;overflow-wrap:break-word;hyphens:auto}dd time{white-space:normal}" \
	"dd.sum{flex-wrap:wrap}" \
	".roomy{display:none}.chart .over{stroke:var(--bad)}.chart .unknown{stroke:var(--idle)}" \
	".stack.wide{font-size:inherit}.stack thead{position:absolute;clip-path:inset(50%)}" \
	".stack table,.stack tbody,.stack caption{display:block}.stack tr{display:flex;flex-wrap:wrap;gap:0 var(--c);padding:var(--b) 0;border-bottom:1px solid var(--line)}" \
	".stack th,.stack td{border:0;padding:0;white-space:normal;text-align:left;overflow-wrap:anywhere}.stack tbody th{width:100%}.stack td:empty{display:none}" \
	".stack tbody tr:last-child{border:0}.stack td[data-label]::before{content:attr(data-label)\"\\00a0\";color:var(--quiet);font-size:var(--fine)}" \
	".stack td[data-label]::first-letter{text-transform:uppercase}}" \
	"@media print{:root{--ground:#fff;--sheet:#fff;--ink:#000;--quiet:#444;--line:#bbb}" \
	".skip,.back{display:none}" \
	"body{font-size:9.5pt}" \
	"main{gap:var(--e);padding:0}" \
	"article,.card,.tiles,tr{break-inside:avoid}" \
	"h2,h3{break-after:avoid}" \
	"a{color:inherit}" \
	".scroll{overflow:visible}}\n"

/* clang-format on */

#endif
