/* SPDX-License-Identifier: Apache-2.0 */
/* --help, the manual page and the completion scripts: all read off the table of actions. */
#include "app/help.h"

#include "app/starters.h"
#include "base/json.h"
#include "facts/mapping.h"

#include <string.h>

static void usage(struct buf *out, const struct action *a)
{
	buf_printf(out, "tenor %s", a->verb);
	for (size_t i = 0; a->params[i].use != USE_END; i++) {
		const struct param_row *p = param_row(a->params[i].param);

		if (a->params[i].use == USE_ARG)
			buf_printf(out, " %s", p->metavar);
		else if (a->params[i].use == USE_ARG_OPT)
			buf_printf(out, " [%s]", p->metavar);
		else if (a->params[i].use == USE_ARGS)
			buf_printf(out, " [%s ...]", p->metavar);
		else if (a->params[i].use == USE_MUST)
			buf_printf(out, " --%s %s", p->name, p->metavar);
	}
	buf_str(out, " [OPTIONS]");
}

/* Words wrapped at 80 columns, the first line continuing at column `at`, the others indented by it. */
static void wrapped(struct buf *out, const char *words, size_t at, size_t column)
{
	struct text rest = text_of(words), word;

	for (bool first = true; rest.n > 0; first = false) {
		rest = text_cut(rest, ' ', &word);
		if (!first && column + 1 + word.n > 80) {
			buf_char(out, '\n');
			buf_pad(out, ' ', at);
			column = at;
		} else if (!first) {
			buf_char(out, ' ');
			column++;
		}
		buf_text(out, word);
		column += word.n;
	}
	buf_char(out, '\n');
}

enum { HELP_AT = 27 };

static void parameter(struct buf *out, const struct action *a, size_t i)
{
	const struct param_row *p = param_row(a->params[i].param);
	bool option = a->params[i].use >= USE_OPT;
	size_t from = out->n;

	buf_str(out, "  ");
	if (option)
		buf_printf(out, "--%s%s%s", p->name, *p->metavar != '\0' ? " " : "", p->metavar);
	else
		buf_str(out, p->metavar);
	size_t column = out->n - from;

	if (column + 2 > HELP_AT) {
		buf_char(out, '\n');
		column = 0;
	}
	buf_pad(out, ' ', HELP_AT - column);
	wrapped(out, p->help, HELP_AT, HELP_AT);
	if (a->params[i].use == USE_OPTS) {
		buf_pad(out, ' ', HELP_AT);
		buf_str(out, "may be given more than once\n");
	}
}

static void parameters(struct buf *out, const struct action *a, bool options)
{
	for (size_t i = 0; a->params[i].use != USE_END; i++)
		if ((a->params[i].use >= USE_OPT) == options)
			parameter(out, a, i);
}

static bool has_arguments(const struct action *a)
{
	return a->params[0].use != USE_END && a->params[0].use < USE_OPT;
}

static void examples(struct buf *out, const char *lines, const char *before)
{
	struct text rest = text_of(lines), line;

	while (rest.n > 0) {
		rest = text_cut(rest, '\n', &line);
		buf_str(out, before);
		buf_text(out, line);
		buf_char(out, '\n');
	}
}

void help_action(struct buf *out, const struct action *a)
{
	struct buf words;

	buf_init(&words, 4096);
	usage(&words, a);
	buf_char(&words, '\0');
	buf_str(out, "usage: ");
	wrapped(out, words.p, 7, 13);
	buf_free(&words);
	buf_char(out, '\n');
	wrapped(out, a->about, 0, 0);
	if (has_arguments(a)) {
		buf_str(out, "\nARGUMENTS\n");
		parameters(out, a, false);
	}
	buf_str(out, "\nOPTIONS\n");
	parameters(out, a, true);
	buf_str(out, "\nEXAMPLES\n");
	examples(out, a->examples, "  ");
}

static const char *const group_words[GROUP_COUNT] = {
	[GROUP_CONTRACTS] = "CONTRACTS: write one, check it, compare it",
	[GROUP_FILES] = "A MONTH FROM FILES: no database needed",
	[GROUP_RECORD] = "THE RECORD: keep contracts and facts, know what follows",
	[GROUP_MONEY] = "MONEY: invoices that explain themselves, payments, what is open",
	[GROUP_PROOF] = "PROOF: hold evidence, check it offline",
	[GROUP_KEEPING] = "KEEPING: the record sound, copied, private",
	[GROUP_TOOLS] = "TOOLS",
};

void help_all(struct buf *out)
{
	buf_str(out, "tenor: run a service contract against what happened\n\nusage: tenor COMMAND "
		     "[ARGUMENTS] [OPTIONS]\n");
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		const struct action *a = action_row((enum action_id)i);

		if (i == 0 || a->group != action_row((enum action_id)(i - 1))->group)
			buf_printf(out, "\n%s\n", group_words[a->group]);
		buf_printf(out, "  %-15s ", a->verb);
		wrapped(out, a->line, 18, 18);
	}
	buf_str(out, "\n  tenor COMMAND --help    tells about one, with examples\n"
		     "  tenor --version         prints the version\n\nEXIT STATUS\n");
	help_statuses(out, "  ");
}

void help_statuses(struct buf *out, const char *before)
{
	static const char *const rows[] = {
		"0   done; check and diff: nothing found; verify and doctor: all sound",
		"1   check: warnings; diff: changes; import: not all recorded; verify: not verified",
		"    doctor: something is wrong",
		"2   the input is invalid; check: errors", "64  the command line is wrong",
		"65  larger than a stated limit",          "66  no such file, zone or name",
		"74  reading or writing failed",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		buf_printf(out, "%s%s\n", before, rows[i]);
}

static void json_action(struct json *j, const struct action *a)
{
	static const char *const uses[] = {"",       "argument", "optional argument", "arguments",
					   "option", "options",  "required option"};

	json_open_object(j);
	json_kv_str(j, "verb", a->verb);
	json_kv_str(j, "line", a->line);
	json_kv_str(j, "about", a->about);
	json_kv_str(j, "examples", a->examples);
	json_key(j, "parameters");
	json_open_array(j);
	for (size_t i = 0; a->params[i].use != USE_END; i++) {
		const struct param_row *p = param_row(a->params[i].param);

		json_open_object(j);
		json_kv_str(j, "name", p->name);
		json_kv_str(j, "use", uses[a->params[i].use]);
		if (*p->metavar != '\0')
			json_kv_str(j, "value", p->metavar);
		json_kv_str(j, "help", p->help);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

void help_json(struct buf *out, const struct action *a)
{
	struct json j;

	json_init(&j, out, true);
	json_open_array(&j);
	for (size_t i = 0; i < ACTION_COUNT; i++)
		if (a == NULL || a == action_row((enum action_id)i))
			json_action(&j, action_row((enum action_id)i));
	json_end_array(&j);
	buf_char(out, '\n');
}

/* roff: a leading dot or quote and every backslash are escaped, hyphens are minus signs. */
static void roff(struct buf *out, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		if ((i == 0 || t.p[i - 1] == '\n') && (t.p[i] == '.' || t.p[i] == '\''))
			buf_str(out, "\\&");
		if (t.p[i] == '\\')
			buf_str(out, "\\e");
		else if (t.p[i] == '-')
			buf_str(out, "\\-");
		else
			buf_char(out, t.p[i]);
	}
}

static void man_action(struct buf *out, const struct action *a)
{
	struct buf line;

	buf_init(&line, 4096);
	usage(&line, a);
	buf_str(out, ".SS ");
	roff(out, buf_view(&line));
	buf_char(out, '\n');
	buf_free(&line);
	roff(out, text_of(a->about));
	buf_char(out, '\n');
	for (size_t i = 0; a->params[i].use != USE_END; i++) {
		const struct param_row *p = param_row(a->params[i].param);
		bool option = a->params[i].use >= USE_OPT;

		if (a->params[i].param >= PARAM_JSON)
			continue; /* the common ones stand once */
		buf_str(out, ".TP\n.B ");
		if (option) {
			buf_str(out, "\\-\\-");
			roff(out, text_of(p->name));
			buf_char(out, ' ');
		}
		roff(out, text_of(p->metavar));
		buf_char(out, '\n');
		roff(out, text_of(p->help));
		buf_char(out, '\n');
	}
	buf_str(out, ".PP\n.nf\n");
	roff(out, text_of(a->examples));
	buf_str(out, "\n.fi\n");
}

void help_man(struct buf *out)
{
	buf_str(out,
		".TH TENOR 1 \"\" \"tenor " TENOR_VERSION "\" \"User Commands\"\n.SH NAME\n"
		"tenor \\- run a service contract against what happened\n.SH SYNOPSIS\n.B tenor\n"
		".I COMMAND\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n.SH COMMANDS\n");
	for (size_t i = 0; i < ACTION_COUNT; i++)
		man_action(out, action_row((enum action_id)i));
	buf_str(out, ".SH COMMON OPTIONS\n");
	for (int p = PARAM_JSON; p < PARAM_COUNT; p++) {
		buf_str(out, ".TP\n.B \\-\\-");
		roff(out, text_of(param_row((enum param)p)->name));
		buf_printf(out, " %s\n", param_row((enum param)p)->metavar);
		roff(out, text_of(param_row((enum param)p)->help));
		buf_char(out, '\n');
	}
	buf_str(out, ".SH EXIT STATUS\n.nf\n");
	help_statuses(out, "");
	buf_str(out, ".fi\n.SH ENVIRONMENT\n.TP\n.B NO_COLOR\nif set and not empty, no colour is "
		     "printed.\n"
		     ".PP\n.TP\n.B HOME\nwhere keys and trusted keys are looked for: .config/tenor in it.\n"
		     ".PP\nNothing else of the environment changes the output.\n");
}

/* --- completion --- */

static void option_words(struct buf *out, const struct action *a)
{
	for (size_t i = 0; a->params[i].use != USE_END; i++)
		if (a->params[i].use >= USE_OPT)
			buf_printf(out, "%s--%s", i == 0 || out->p[out->n - 1] == '"' ? "" : " ",
				   param_row(a->params[i].param)->name);
}

static void first_words(struct buf *out)
{
	struct text last = {"", 0}, word;

	for (size_t i = 0; i < ACTION_COUNT; i++) {
		(void)text_cut(text_of(action_row((enum action_id)i)->verb), ' ', &word);
		if (!text_eq(word, last))
			buf_printf(out, "%s%.*s", i == 0 ? "" : " ", TEXT_ARG(word));
		last = word;
	}
}

/* What an option or argument can be, where that is a list; false: anything, or a file. */
static bool value_words(struct buf *out, enum param p)
{
	static const struct {
		enum param param;
		const char *words;
	} rows[] = {{PARAM_FORMAT, "text html pdf json csv"},
		    {PARAM_PAPER, "a4 letter"},
		    {PARAM_LANG, "en de fr nl es"},
		    {PARAM_COLOR, "auto always never"},
		    {PARAM_AT_CLOSING, "close next_open"},
		    {PARAM_SHELL, "bash zsh fish"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].param == p) {
			buf_str(out, rows[i].words);
			return true;
		}
	}
	if (p == PARAM_FROM_STARTER)
		for (size_t i = 0; i < starter_count(); i++)
			buf_printf(out, "%s%s", i == 0 ? "" : " ", starter_at(i)->name);
	else if (p == PARAM_MAP || p == PARAM_SHOW)
		for (size_t i = 0; i < mapping_ready_count(); i++)
			buf_printf(out, "%s%.*s", i == 0 ? "" : " ",
				   TEXT_ARG(mapping_ready_name(i)));
	else
		return false;
	return true;
}

/* After an option whose values are known, those; readline offers files where nothing fits (-o default). */
static void bash_values(struct buf *out)
{
	struct buf words;

	buf_init(&words, 4096);
	buf_str(out, "\tcase ${COMP_WORDS[COMP_CWORD-1]} in\n");
	for (int p = 0; p < PARAM_COUNT; p++) {
		buf_clear(&words);
		if (p != PARAM_SHELL && value_words(&words, (enum param)p))
			buf_printf(out,
				   "\t--%s) COMPREPLY=($(compgen -W \"%.*s\" -- \"$cur\")); return "
				   ";;\n",
				   param_row((enum param)p)->name, TEXT_ARG(buf_view(&words)));
	}
	buf_str(out, "\tesac\n");
	buf_free(&words);
}

static void complete_bash(struct buf *out)
{
	buf_str(out, "# bash completion for tenor, made from its table of actions\n_tenor() {\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} words= first=\"");
	first_words(out);
	buf_str(out, "\"\n\tCOMPREPLY=()\n");
	bash_values(out);
	buf_str(out, "\tcase $COMP_CWORD/$verb in\n"
		     "\t1/*|2/help) words=$first ;;\n"
		     "\t2/time|3/help) words=\"deadline elapsed next-open\" ;;\n"
		     "\t2/completion) words=\"");
	(void)value_words(out, PARAM_SHELL);
	buf_str(out, "\" ;;\n\tesac\n"
		     "\tif [ -z \"$words\" ] || [ \"${cur#-}\" != \"$cur\" ]; then\n"
		     "\t\tcase $cur in -*) ;; *) return ;; esac\n"
		     "\t\t[ \"$verb\" = time ] && verb=\"time ${COMP_WORDS[2]}\"\n"
		     "\t\tcase $verb in\n");
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		const struct action *a = action_row((enum action_id)i);

		buf_printf(out, "\t\t\"%s\") words=\"", a->verb);
		option_words(out, a);
		buf_str(out, "\" ;;\n");
	}
	buf_str(out, "\t\tesac\n\tfi\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
		     "complete -o default -F _tenor tenor\n");
}

/* For zsh and fish: text inside single quotes. */
static void single_quoted(struct buf *out, struct text t, const char *quote)
{
	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '\'')
			buf_str(out, quote);
		else
			buf_char(out, t.p[i]);
	}
}

static void zsh_value(struct buf *out, enum param p)
{
	enum param_type type = param_row(p)->type;
	struct buf words;

	buf_init(&words, 4096);
	if (value_words(&words, p))
		buf_printf(out, ":value:(%.*s)", TEXT_ARG(buf_view(&words)));
	else if (type == TYPE_FILE || type == TYPE_FILE_OUT)
		buf_str(out, ":file:_files");
	else if (type != TYPE_FLAG)
		buf_str(out, ":value: ");
	buf_free(&words);
}

static void complete_zsh(struct buf *out)
{
	buf_str(out, "#compdef tenor\n# zsh completion for tenor, made from its table of "
		     "actions\n_tenor() {\n"
		     "\tlocal verb=$words[2]\n\tif (( CURRENT == 2 )); then\n\t\tcompadd -- ");
	first_words(out);
	buf_str(out, "\n\t\treturn\n\tfi\n\tif [[ $verb == time ]]; then\n\t\tif (( CURRENT == 3 "
		     ")); then\n"
		     "\t\t\tcompadd -- deadline elapsed "
		     "next-open\n\t\t\treturn\n\t\tfi\n\t\tverb=\"time $words[3]\"\n\tfi\n\tcase "
		     "$verb in\n");
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		const struct action *a = action_row((enum action_id)i);

		buf_printf(out, "\t'%s') _arguments '*:file:_files'", a->verb);
		for (size_t k = 0; a->params[k].use != USE_END; k++) {
			const struct param_row *p = param_row(a->params[k].param);

			if (a->params[k].use < USE_OPT)
				continue;
			buf_printf(out, " '--%s[", p->name);
			for (const char *c = p->help; *c != '\0'; c++) {
				if (strchr("[]:", *c) != NULL)
					buf_char(out, '\\');
				single_quoted(out, (struct text){c, 1}, "'\\''");
			}
			buf_char(out, ']');
			zsh_value(out, a->params[k].param);
			buf_char(out, '\'');
		}
		buf_str(out, " ;;\n");
	}
	buf_str(out, "\tesac\n}\n_tenor \"$@\"\n");
}

static void complete_fish(struct buf *out)
{
	struct buf words;

	buf_init(&words, 4096);
	buf_str(out, "# fish completion for tenor, made from its table of actions\ncomplete -c "
		     "tenor -n __fish_use_subcommand -f -a '");
	first_words(out);
	buf_str(out, "'\ncomplete -c tenor -n '__fish_seen_subcommand_from time' -f -a 'deadline "
		     "elapsed next-open'\n");
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		const struct action *a = action_row((enum action_id)i);
		struct text word, rest = text_cut(text_of(a->verb), ' ', &word);

		for (size_t k = 0; a->params[k].use != USE_END; k++) {
			const struct param_row *p = param_row(a->params[k].param);

			if (a->params[k].use < USE_OPT)
				continue;
			buf_printf(out,
				   "complete -c tenor -n '__fish_seen_subcommand_from %.*s' -l "
				   "%s%s -d '",
				   TEXT_ARG(rest.n > 0 ? rest : word), p->name,
				   p->type == TYPE_FLAG ? "" : " -r");
			single_quoted(out, text_of(p->help), "\\'");
			buf_char(out, '\'');
			buf_clear(&words);
			if (value_words(&words, a->params[k].param))
				buf_printf(out, " -a '%.*s'", TEXT_ARG(buf_view(&words)));
			buf_char(out, '\n');
		}
	}
	buf_free(&words);
}

bool help_completion(struct buf *out, struct text shell)
{
	if (text_is(shell, "bash"))
		complete_bash(out);
	else if (text_is(shell, "zsh"))
		complete_zsh(out);
	else if (text_is(shell, "fish"))
		complete_fish(out);
	else
		return false;
	return true;
}
