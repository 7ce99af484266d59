/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A draft's terms as a form, made from the table of terms: one block at a time, each key with what it means, what it may be and what holds
 * without it. What is typed goes to `draft set`, which changes the text where it stands; what the form does not show stays as it is.
 */
#include "http/fields.h"
#include "terms/table.h"
#include "web/draft_parts.h"

#include <string.h>

/* Most fields that one page shows: a form has at most LIMIT_PARAMETERS. */
enum { FIELDS_MAX = 120, FILE_ARENA_BYTES = 64 << 20 };

struct terms_form {
	struct page *p;
	struct draft_shown d;
	struct arena *arena; /* of the tree */
	const struct node *root;
	const struct node
		*before; /* of the revision that was read, where another is shown; else NULL */
	struct text at;  /* the block, by its path; empty: all of them */
	const struct term *row;     /* of the block */
	const struct node *node;    /* NULL: it is not written */
	bool item;                  /* an item of a list, not the list */
	const struct fields *typed; /* NULL: nothing was */
	const struct err *wrong;    /* NULL: nothing is; else told */
	struct err told;
	size_t fields;
};

/* --- the block that is shown --- */

static bool find_block(struct terms_form *f)
{
	struct text rest = f->at, key;

	f->row = term_at(0);
	f->item = false;
	while (rest.n > 0) {
		rest = text_cut(rest, '.', &key);
		if (f->row->type != TERM_MAP && f->row->type != TERM_ITEMS)
			return false;
		f->row = term_child(f->row, key);
		if (f->row == NULL)
			return false;
		f->item = f->row->type == TERM_ITEMS && rest.n > 0;
		if (f->item)
			rest = text_cut(rest, '.', &key);
	}
	f->node = node_at_text(f->root, f->at);
	return true;
}

/* A finding leads to a single term: its block is shown. */
static void up_to_block(struct terms_form *f)
{
	while (f->at.n > 0 && f->row->type != TERM_MAP && f->row->type != TERM_ITEMS) {
		size_t n = f->at.n;

		while (n > 0 && f->at.p[n - 1] != '.')
			n--;
		f->at = text_sub(f->at, 0, n > 0 ? n - 1 : 0);
		if (!find_block(f))
			return;
	}
}

static struct text path_of(const struct terms_form *f, struct text at, struct text key)
{
	return at.n == 0 ? key
			 : text_format(f->p->q->arena, "%.*s.%.*s", TEXT_ARG(at), TEXT_ARG(key));
}

static struct text link_to(const struct terms_form *f, struct text at)
{
	struct text out;
	struct buf b;

	buf_init(&b, 8192);
	buf_text(&b, page_path(f->p, "/drafts/{draft}/form"));
	if (at.n > 0) {
		buf_str(&b, "?at=");
		buf_path_segment(&b, at);
	}
	out = text_copy(f->p->q->arena, buf_view(&b));
	buf_free(&b);
	return out;
}

static void put_link(const struct terms_form *f, struct text at, struct text words)
{
	struct buf *b = &f->p->r->body;

	html_raw(b, "<a");
	html_attr(b, "href", link_to(f, at));
	html_raw(b, "><code>");
	html_text(b, words);
	html_raw(b, "</code></a>");
}

/* Where one is: all blocks / sla / metrics / uptime. */
static void put_way(const struct terms_form *f)
{
	struct buf *b = &f->p->r->body;
	size_t n = 0;

	html_raw(b, "<nav class=\"way\"");
	html_attr(b, "aria-label", page_say(f->p, W_WEB_BLOCK));
	html_raw(b, "><a");
	html_attr(b, "href", link_to(f, text_of("")));
	html_raw(b, ">");
	html_text(b, page_say(f->p, W_WEB_ALL_BLOCKS));
	html_raw(b, "</a>");
	while (n < f->at.n) {
		size_t end = text_find(f->at, '.', n);

		html_raw(b, " / ");
		put_link(f, text_sub(f->at, 0, end), text_sub(f->at, n, end));
		n = end + 1;
	}
	html_raw(b, "</nav>\n");
}

/* --- values --- */

/* As it stands in the text; of a set one member a line. */
static struct text shown_value(const struct terms_form *f, const struct node *n)
{
	struct text out = text_of("");

	if (n == NULL || n->kind == NODE_SCALAR)
		return n == NULL ? out : text_copy(f->p->q->arena, n->written);
	for (const struct node *c = n->child; c != NULL; c = c->next)
		out = text_format(f->p->q->arena, "%.*s%s%.*s", TEXT_ARG(out),
				  out.n > 0 ? "\n" : "", TEXT_ARG(c->written));
	return out;
}

static bool word_among(struct text words, struct text value)
{
	struct text one;

	while (words.n > 0) {
		words = text_cut(words, ' ', &one);
		if (text_eq(one, value))
			return true;
	}
	return false;
}

/* What there is to choose from, apart by blanks; empty: it is typed. */
static struct text choices(const struct terms_form *f, const struct term *row)
{
	struct text out = text_of(""), rest = text_of(row->arg);
	const struct node *list;

	if (row->set)
		return out;
	if (row->type == TERM_BOOL)
		return text_of("true false");
	if (row->type == TERM_ENUM) {
		while (rest.n > 0) {
			struct text word = words_cut(&rest);

			out = text_format(f->p->q->arena, "%.*s %.*s", TEXT_ARG(out),
					  TEXT_ARG(word));
		}
		return out;
	}
	if (row->type != TERM_REF)
		return out;
	list = node_at_text(f->root, rest);
	for (const struct node *c = list == NULL ? NULL : list->child; c != NULL; c = c->next)
		out = text_format(f->p->q->arena, "%.*s %.*s", TEXT_ARG(out), TEXT_ARG(c->key));
	return text_is(rest, "calendars")
		       ? text_format(f->p->q->arena, "%.*s always", TEXT_ARG(out))
		       : out;
}

/* "name as printed: a text of one line; without it: en" */
static struct text hint_of(const struct terms_form *f, const struct term *row)
{
	struct arena *a = f->p->q->arena;
	struct text hint = text_format(a, "%s: %s", row->help, type_noun(row->type));
	struct text otherwise = page_say(f->p, W_WEB_DEFAULT);
	size_t hole = text_find(otherwise, '{', 0);

	if (row->set)
		hint = text_format(a, "%.*s, %.*s", TEXT_ARG(hint),
				   TEXT_ARG(page_say(f->p, W_WEB_ONE_A_LINE)));
	if (row->otherwise != NULL)
		hint = text_format(a, "%.*s; %.*s%s", TEXT_ARG(hint),
				   TEXT_ARG(text_sub(otherwise, 0, hole)), row->otherwise);
	return hint;
}

/*
 * What a field shows: what was typed, else what stands. Where somebody saved meanwhile, what was not touched here is what they made of it,
 * and beside what was stands theirs.
 */
static struct text field_value(const struct terms_form *f, const char *name, const struct node *n,
			       struct text *theirs)
{
	struct text stands = shown_value(f, n), typed;

	typed = f->typed == NULL ? (struct text){NULL, 0} : fields_get(f->typed, name);
	if (typed.p == NULL)
		return stands;
	typed = form_lines(f->p->q->arena, typed);
	if (f->before == NULL)
		return typed;
	if (text_eq(text_trim(typed), text_trim(shown_value(f, node_at(f->before, name)))))
		return stands;
	if (!text_eq(text_trim(typed), text_trim(stands)))
		*theirs = text_format(f->p->q->arena, "%.*s: %.*s",
				      TEXT_ARG(page_say(f->p, W_WEB_THEIRS)), TEXT_ARG(stands));
	return typed;
}

static void put_term(struct terms_form *f, struct text path, const struct term *row,
		     const struct node *n)
{
	const char *name = text_format(f->p->q->arena, "%.*s", TEXT_ARG(path)).p;
	struct text words = choices(f, row), error = text_of("");
	struct text value = field_value(f, name, n, &error);
	struct shown_input i = {.name = name,
				.type = row->set || row->type == TERM_PROSE ? "textarea" : "text",
				.value = value,
				.required = row->required && n != NULL,
				.hint = hint_of(f, row),
				.words = text_of(row->key)};

	if (f->wrong != NULL && text_is(path, f->wrong->key))
		error = text_of(f->wrong->message);
	i.error = error;
	if (++f->fields > FIELDS_MAX)
		return;
	if (words.n > 0 && (i.value.n == 0 || word_among(words, i.value)))
		form_select(f->p, &i, words);
	else
		form_input(f->p, &i);
}

/* May the item have it, by its kind or type? What is written is shown all the same. */
static bool fits_kind(const struct term *row, const struct node *map)
{
	const struct node *kind;

	if (row->kinds == NULL || map == NULL)
		return row->kinds == NULL;
	kind = node_at(map, "type");
	if (kind == NULL)
		kind = node_at(map, "kind");
	return kind != NULL && word_index(row->kinds, kind->text) >= 0;
}

static bool is_block(const struct term *row)
{
	return row->type == TERM_MAP || row->type == TERM_ITEMS;
}

/* --- a map --- */

/* Its own terms, then the maps in it that are written, each a fieldset. Recursion follows the table, whose maps nest six deep. */
static void put_map(struct terms_form *f, struct text at, const struct term *map,
		    const struct node *node)
{
	struct buf *b = &f->p->r->body;

	html_raw(b, "<fieldset><legend><code>");
	html_text(b, at.n > 0 ? at : text_of("tenor"));
	html_raw(b, "</code></legend>\n<p class=\"soft\">");
	html_text(b, text_of(at.n > 0 ? map->help : ""));
	html_raw(b, "</p>\n");
	for (size_t i = 1; i < term_count(); i++) {
		const struct term *row = term_at(i);
		const struct node *n = node == NULL ? NULL : node_at(node, row->key);

		if (term_at(row->parent) != map || term_is_shared(row) || is_block(row) ||
		    (n == NULL && !fits_kind(row, node)))
			continue;
		put_term(f, path_of(f, at, text_of(row->key)), row, n);
	}
	if (at.n > 0)
		put_term(f, path_of(f, at, text_of("clause")), term_clause(),
			 node == NULL ? NULL : node_at(node, "clause"));
	for (size_t i = 1; i < term_count() && at.n > 0; i++) {
		const struct term *row = term_at(i);
		const struct node *n = node == NULL ? NULL : node_at(node, row->key);

		if (term_at(row->parent) == map && row->type == TERM_MAP && n != NULL)
			put_map(f, path_of(f, at, text_of(row->key)), row, n);
	}
	html_raw(b, "</fieldset>\n");
}

/* --- blocks and items that lead on --- */

static void put_out(const struct terms_form *f, struct text path)
{
	struct buf *b = &f->p->r->body;

	html_raw(b, "<button class=\"plain\" name=\"out\" formnovalidate");
	html_attr(b, "value", path);
	html_raw(b, ">");
	html_text(b, page_say(f->p, W_WEB_TAKE_OUT));
	html_raw(b, "<span class=\"hide\"> ");
	html_text(b, path);
	html_raw(b, "</span></button>");
}

static void put_block_row(const struct terms_form *f, struct text path, struct text words,
			  struct text about, const struct node *n)
{
	struct buf *b = &f->p->r->body;

	html_raw(b, "<tr><th scope=\"row\">");
	put_link(f, path, words);
	html_raw(b, "</th>");
	draft_cell(f->p, W_WEB_MEANING, false);
	html_text(b, about);
	html_raw(b, "</td>");
	draft_cell(f->p, W_WEB_STATE, false);
	html_text(b, page_say(f->p, n != NULL ? W_WEB_WRITTEN : W_WEB_NOT_WRITTEN));
	html_raw(b, "</td><td>");
	if (n != NULL)
		put_out(f, path);
	html_raw(b, "</td></tr>\n");
}

static void open_table(const struct terms_form *f)
{
	static const enum wording heads[] = {W_WEB_BLOCK, W_WEB_MEANING, W_WEB_STATE,
					     W_WEB_TAKE_OUT};

	draft_table(f->p, heads, ARRAY_SIZE(heads), ARRAY_SIZE(heads));
}

/* Blocks of the map: lists, and maps that the fieldsets do not show. */
static void put_blocks(const struct terms_form *f)
{
	bool any = false;

	for (size_t i = 1; i < term_count(); i++) {
		const struct term *row = term_at(i);
		const struct node *n = f->node == NULL ? NULL : node_at(f->node, row->key);

		if (term_at(row->parent) != f->row || !is_block(row) ||
		    (n == NULL && !fits_kind(row, f->node)))
			continue;
		if (!any)
			open_table(f);
		any = true;
		put_block_row(f, path_of(f, f->at, text_of(row->key)), text_of(row->key),
			      text_of(row->help), n);
	}
	if (any)
		html_raw(&f->p->r->body, "</tbody></table></div>\n");
}

static struct text title_of(const struct node *item)
{
	static const char *const keys[] = {"name", "title", "heading", "label",
					   "text", "kind",  "type"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (node_at(item, keys[i]) != NULL && node_at(item, keys[i])->kind == NODE_SCALAR)
			return text_sub(node_at(item, keys[i])->written, 0, 80);
	return text_of("");
}

static void open_form(const struct terms_form *f)
{
	form_open(f->p, link_to(f, f->at));
	form_hidden(f->p, "revision",
		    text_format(f->p->q->arena, "%lld", (long long)f->d.revision));
}

static void put_items(const struct terms_form *f)
{
	const struct shown_input fresh = {.name = "item",
					  .type = "text",
					  .label = W_WEB_ITEM_NEW,
					  .value = f->typed == NULL ? text_of("")
								    : fields_get(f->typed, "item")};

	if (f->node != NULL) {
		open_form(f);
		open_table(f);
		for (const struct node *c = f->node->child; c != NULL; c = c->next)
			put_block_row(f, path_of(f, f->at, c->key), c->key, title_of(c), c);
		html_raw(&f->p->r->body, "</tbody></table></div>\n</form>\n");
	}
	open_form(f);
	form_input(f->p, &fresh);
	form_close(f->p, W_WEB_ADD);
}

/* --- the page --- */

static void put_form(struct terms_form *f)
{
	struct page *p = f->p;
	struct buf *b = &p->r->body;

	draft_frame(p, &f->d, W_WEB_DRAFT_FORM);
	frame_title(p, f->at.n > 0 ? f->at : page_say(p, W_WEB_DRAFT_FORM));
	put_way(f);
	if (f->wrong != NULL)
		draft_wrong(p, text_of(f->wrong->message), text_of(f->wrong->hint));
	html_raw(b, "<div class=\"terms\">\n");
	if (f->row->type == TERM_ITEMS && !f->item) {
		put_items(f);
	} else {
		if (f->at.n > 0) {
			open_form(f);
			put_map(f, f->at, f->row, f->node);
			form_close(p, W_WEB_SAVE);
		}
		/* a form of its own: the key Enter in a field never takes anything out */
		open_form(f);
		put_blocks(f);
		html_raw(b, "</form>\n");
	}
	html_raw(b, "</div>\n");
	frame_end(p);
}

/* --- what was typed --- */

static void add_edit(struct verb_run *v, struct page *p, struct text path, struct text value)
{
	verb_put(v, PARAM_TERMS,
		 text_format(p->q->arena, "%.*s=%.*s", TEXT_ARG(path), TEXT_ARG(value)));
}

/* Each field that does not say what the text says. */
static size_t take_edits(struct terms_form *f, struct verb_run *v)
{
	struct page *p = f->p;
	struct text out = fields_get(f->typed, "out"),
		    item = text_trim(fields_get(f->typed, "item"));
	size_t n = 0;

	if (out.n > 0) {
		add_edit(v, p, out, text_of(""));
		return 1;
	}
	if (item.n > 0) {
		add_edit(v, p,
			 path_of(f, f->at, text_format(p->q->arena, "%.*s.id", TEXT_ARG(item))),
			 item);
		return 1;
	}
	for (size_t i = 0; i < f->typed->n; i++) {
		struct text name = f->typed->v[i].name,
			    value = text_trim(form_lines(p->q->arena, f->typed->v[i].value));

		if (text_find(name, '.', 0) == name.n ||
		    text_eq(value, text_trim(shown_value(f, node_at_text(f->root, name)))))
			continue;
		add_edit(v, p, name, value);
		n++;
	}
	return n;
}

/* Where to go on: in the item that is new now, or where one was. */
static struct text next_page(const struct terms_form *f)
{
	struct text item = text_trim(fields_get(f->typed, "item")), to;

	to = link_to(f, item.n > 0 && fields_get(f->typed, "out").n == 0 ? path_of(f, f->at, item)
									 : f->at);
	return text_format(f->p->q->arena, "%.*s%ssaved=1", TEXT_ARG(to),
			   text_find(to, '?', 0) < to.n ? "&" : "?");
}

/* Somebody saved meanwhile: the newer text is shown, with what was typed still in the fields. */
static void on_newer(struct terms_form *f)
{
	struct terms_context none = {.zones = NULL};
	struct contract *c;
	struct err err = {.line = 0};

	if (!draft_read(f->p, 0, &f->d))
		return;
	if (contract_read(f->arena, f->d.id, f->d.text, &none, &c, &err) != RC_OK ||
	    c->root == NULL) {
		page_failed(f->p, NAV_DRAFTS, RC_INVALID, f->wrong);
		return;
	}
	f->before = f->root;
	f->root = c->root;
	(void)find_block(f);
	put_form(f);
}

static void run(struct terms_form *f)
{
	struct page *p = f->p;
	struct verb_run v;
	json_t *answer = NULL;
	bool nothing;

	verb_begin(&v, p, ACTION_DRAFT_SET);
	verb_put(&v, PARAM_DRAFT, page_name(p, "draft"));
	verb_put(&v, PARAM_DRAFT_REVISION,
		 text_format(p->q->arena, "%lld", (long long)f->d.revision));
	nothing = take_edits(f, &v) == 0;
	if (!nothing)
		answer = verb_json(&v);
	if (nothing || answer != NULL) {
		response_see(p->r, next_page(f));
	} else if (v.rc == RC_MISSING) {
		page_missing(p);
	} else {
		p->r->status = problem_status(v.rc, &v.err);
		f->told = v.err;
		f->wrong = &f->told;
		if (strcmp(v.err.code, "version_changed") == 0)
			on_newer(f);
		else
			put_form(f);
	}
	json_decref(answer);
	verb_free(&v);
}

static bool read_tree(struct terms_form *f)
{
	struct terms_context none = {.zones = NULL};
	struct contract *c;
	struct err err = {.line = 0};

	if (contract_read(f->arena, f->d.id, f->d.text, &none, &c, &err) == RC_OK &&
	    c->root != NULL) {
		f->root = c->root;
		return true;
	}
	draft_frame(f->p, &f->d, W_WEB_DRAFT_FORM);
	frame_title(f->p, page_say(f->p, W_WEB_DRAFT_FORM));
	draft_wrong(f->p, page_say(f->p, W_WEB_FORM_UNREADABLE), text_of(""));
	frame_end(f->p);
	return false;
}

void draft_form(struct page *p)
{
	struct terms_form f = {.p = p, .at = fields_get(&p->q->query, "at")};
	struct fields typed = {NULL, 0};
	const struct part *files;
	struct err err = {.line = 0};
	bool posts = !method_safe(p->q->method);
	size_t n = 0;

	if (posts && form_parse(p->q, &typed, &files, &n, &err) != RC_OK) {
		page_failed(p, NAV_DRAFTS, RC_INVALID, &err);
		return;
	}
	if (!draft_read(p, posts ? draft_revision(&typed) : 0, &f.d))
		return;
	f.arena = arena_new(FILE_ARENA_BYTES);
	if (posts)
		f.typed = &typed;
	if (read_tree(&f)) {
		if (!find_block(&f)) {
			page_missing(p);
		} else {
			up_to_block(&f);
			if (posts)
				run(&f);
			else
				put_form(&f);
		}
	}
	arena_free(f.arena);
}
