#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The dialect of statements.def (HACKING.md, "SQL"): what both SQLite and PostgreSQL understand, parameters numbered in the order
of their use, nothing that only one of them has, and no SQL anywhere else. That each statement fits its schema is shown by
tests/unit/store/test_store.c."""

import os
import re
import subprocess
import sys

# Words that one of the two does not know, or means otherwise, or that could change what no statement may.
FORBIDDEN = {
    "like": "each means something else by it", "ilike": "PostgreSQL only", "glob": "SQLite only", "regexp": "SQLite only",
    "similar": "PostgreSQL only", "match": "SQLite only", "group_concat": "SQLite only", "string_agg": "PostgreSQL only",
    "true": "SQLite has no booleans", "false": "SQLite has no booleans", "boolean": "SQLite has no booleans",
    "is true": "SQLite has no booleans", "rowid": "SQLite only", "_rowid_": "SQLite only", "oid": "SQLite only",
    "autoincrement": "SQLite only", "pragma": "the back end's own business", "attach": "SQLite only", "vacuum": "the back end's own",
    "ifnull": "say coalesce", "nvl": "say coalesce", "iif": "say case", "printf": "SQLite only", "format": "each means something else",
    "substr": "each counts bytes otherwise", "instr": "SQLite only", "random": "no chance in a statement",
    "date": "times are milliseconds", "time": "times are milliseconds", "datetime": "times are milliseconds",
    "strftime": "times are milliseconds", "julianday": "times are milliseconds", "now": "nobody reads a clock here",
    "current_timestamp": "nobody reads a clock here", "current_date": "nobody reads a clock here",
    "current_time": "nobody reads a clock here", "collate": "each back end says it in its schema", "hex": "SQLite only",
    "zeroblob": "SQLite only", "typeof": "SQLite only", "changes": "SQLite only", "last_insert_rowid": "SQLite only",
    "total": "SQLite only", "natural": "joins name their columns", "real": "no floating point", "float": "no floating point",
    "double": "no floating point", "cast": "columns have the type they need", "returning": "SQLite 3.35 and later only",
    "create": "tables are in schema.def", "drop": "tables are in schema.def", "alter": "tables are in schema.def",
    "begin": "transactions are the store's", "commit": "transactions are the store's", "rollback": "transactions are the store's",
    "main": "the read door's views lie in front of it", "temp": "the back end's own", "with": "a name of one's own could stand for a view's",
    "replace": "say on conflict", "indexed": "SQLite only", "full": "joins as both have them",
}
FUNCTIONS = {"count", "max", "min", "sum", "coalesce", "length"}
# In front of a bracket without being a function.
BRACKET_WORDS = {"values", "in", "conflict", "exists", "and", "or", "not", "on", "select", "where", "from", "as"}
MONEY = re.compile(r"\b\w*(minor|price|amount|money|total)\w*\b")
# Columns of text that rows are ordered by: PostgreSQL's schema gives each COLLATE "C" (trust.md D2).
TEXT_ORDER = {("person", "id"), ("mailbox", "person"), ("outbox", "id"), ("outbox", "person"), ("client", "id"), ("subject", "subject"), ("factor_reset", "person"), ("found_hash", "subject"), ("seed", "name"), ("saved_view", "name"), ("canned_reply", "name"), ("alert", "name"), ("erased", "subject"), ("slot", "name"),
              ("document", "series"), ("ticket", "ticket"), ("token", "id"), ("draft", "id"), ("document_item", "charge"), ("document_item", "part")}

count = 0
failed = 0


def ok(passed, name, details=()):
    global count, failed
    count += 1
    if not passed:
        failed += 1
    print(f"{'' if passed else 'not '}ok {count} - {name}")
    for line in [] if passed else list(details)[:40]:
        print(f"#   {line}")


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        return f.read()


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def rows(text, macro):
    """(name, kind, sql, about) of each row, its string literals joined as C does."""
    literal = r'"(?:\\.|[^"\\])*"'
    row = re.compile(rf"\b{macro}\(\s*(\w+)\s*,\s*(\w+)\s*,\s*((?:{literal}\s*)+),\s*((?:{literal}\s*)+)\)")
    join = lambda s: "".join(p[1:-1].replace('\\"', '"') for p in re.findall(literal, s))
    return [(m[1], m[2], join(m[3]), join(m[4])) for m in row.finditer(text)]


def unquoted(sql):
    return re.sub(r"'[^']*'", "''", sql)


def parameters_wrong(sql):
    seen = []
    for number in re.findall(r"\$(\d+)", sql):
        if int(number) not in seen:
            seen.append(int(number))
    if seen != list(range(1, len(seen) + 1)):
        return f"parameters in the order {seen}"
    if re.search(r"\?|(?<![\w:]):\w|@\w|\$[a-z]", unquoted(sql)):
        return "a parameter that is not $n"
    return None


def words_wrong(sql):
    plain = unquoted(sql).lower()
    words = re.findall(r"[a-z_][a-z_0-9]*", plain)
    for word in words:
        if word in FORBIDDEN:
            return f"'{word}': {FORBIDDEN[word]}"
        if word.startswith(("json", "pg_", "sqlite_", "to_")):
            return f"'{word}': only one of the two has it"
    if "||" in plain or "::" in plain or "->" in plain or "==" in plain or '"' in plain or "`" in plain or "[" in plain:
        return "an operator or a quote that only one of the two has"
    if ";" in plain:
        return "more than one statement"
    if re.search(r"\bor\s+(replace|ignore|abort|fail|rollback)\b", plain):
        return "a conflict clause of SQLite"
    if re.search(r"\bselect\s+(distinct\s+)?\*|\.\*|,\s*\*", plain):
        return "columns are named, not *"
    for function in re.findall(r"\b([a-z_]\w*)\s*\(", plain):
        before = re.search(rf"\binto\s+{function}\s*\(", plain)
        if function not in FUNCTIONS and function not in BRACKET_WORDS and not before:
            return f"'{function}()' is not among {sorted(FUNCTIONS)}"
    return None


def arithmetic_wrong(sql):
    plain = unquoted(sql).lower().replace("count(*)", "count()")
    for match in re.finditer(r"[-+*/%]|<<|>>|[&|~]", plain):
        return f"'{match.group(0)}': numbers are worked out in C"
    if re.search(r"\b(sum|max|min)\s*\(\s*" + MONEY.pattern, plain):
        return "money is added in C"
    return None


def column_types():
    """{(table, column): type} of schema.def."""
    types = {}
    for _, _, sql in [(r[0], r[1], r[2]) for r in table_rows(without_comments(read("src/store/schema.def")))]:
        made = re.match(r"CREATE TABLE (\w+) \((.*)\)", sql)
        for column in re.findall(r"(?:^|[,(]\s*)([a-z_]\w*) (INTEGER|TEXT|BLOB)\b", made.group(2)) if made else []:
            types[(made.group(1), column[0])] = column[1]
    return types


def table_rows(text):
    literal = r'"(?:\\.|[^"\\])*"'
    row = re.compile(rf"\b(?:STEP|DERIVED)\(\s*(\w+)\s*,\s*(\w+)\s*,\s*((?:{literal}\s*)+)\)")
    return [(m[1], m[2], "".join(p[1:-1] for p in re.findall(literal, m[3]))) for m in row.finditer(text)]


def order_columns(sql):
    plain = unquoted(sql).lower()
    table = re.search(r"\bfrom\s+(\w+)", plain)
    for columns in re.findall(r"\border by\s+([\w\s,.]+?)(?:\blimit\b|$)", plain):
        for column in columns.split(","):
            yield (table.group(1) if table else "?", column.split()[0])


def order_wrong(sql):
    plain = unquoted(sql).lower()
    if re.search(r"\blimit\b", plain) and not re.search(r"\border by\b", plain):
        return "limit without an order"
    types = column_types()
    for table, column in order_columns(sql):
        if (table, column) not in types:
            return f"order by '{column}', which '{table}' has not"
        if types[(table, column)] == "TEXT" and (table, column) not in TEXT_ORDER:
            return f"order by the text '{column}' of '{table}': name it in TEXT_ORDER"
    return None


def statements():
    text = without_comments(read("src/store/statements.def"))
    found = rows(text, "STATEMENT")
    declared = len(re.findall(r"^STATEMENT\(", text, re.M))
    ok(len(found) == declared and declared > 20, f"all {declared} statements are read",
       [f"{len(found)} of {declared}: a row is written otherwise"])
    names = [name for name, _, _, _ in found]
    ok(len(set(names)) == len(names), "names are used once", sorted({n for n in names if names.count(n) > 1}))
    for check, title in [(parameters_wrong, "parameters are $1, $2, ... in the order of their first use"),
                         (words_wrong, "words that both back ends know"),
                         (arithmetic_wrong, "nothing is worked out in SQL"),
                         (order_wrong, "what is ordered by text is known, for COLLATE \"C\"")]:
        wrong = [f"{name}: {why}" for name, _, sql, _ in found if (why := check(sql))]
        ok(not wrong, title, wrong)
    ordered = {column for _, _, sql, _ in found for column in order_columns(sql)}
    ok(TEXT_ORDER <= ordered, "and nothing else is listed", sorted(TEXT_ORDER - ordered))
    ok(all(kind in ("WORKSPACE", "KEYS", "EITHER") for _, kind, _, _ in found), "each is of a file")
    wrong = [name for name, _, _, about in found if len(about) < 8 or about.endswith(".") or not about[0].islower() and about[0] != "$"]
    ok(not wrong, "each says what it is for", wrong)
    schema = without_comments(read("src/store/schema.def"))
    tables = set(re.findall(r"CREATE TABLE (\w+)", schema))
    wrong = [f"{name}: no table '{table}'" for name, _, sql, _ in found
             for table in re.findall(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(\w+)", re.sub(r"DO UPDATE", "", sql)) if table not in tables]
    ok(not wrong, "each is on a table of schema.def", wrong)
    used = "\n".join(read(p) for p in source_files("src/"))
    wrong = [name for name in names if not re.search(rf"\bSQL_{name}\b", used)]
    ok(not wrong, "each is used", wrong)


def source_files(folder):
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", folder], capture_output=True, text=True, check=True).stdout
    return sorted(p for p in out.split("\n") if re.search(r"\.(c|h|def)$", p) and os.path.exists(p))


def sql_elsewhere():
    allowed = re.compile(r"^src/store/(statements\.def|schema\.def|sqlite\w*\.c)$")
    sql = re.compile(r'"\s*(SELECT\s|INSERT\s+(INTO|OR)\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX|TRIGGER|VIEW)|'
                     r"DROP\s+(TABLE|INDEX|TRIGGER|VIEW)|ALTER\s+TABLE|PRAGMA\s|BEGIN\s+IMMEDIATE|VACUUM|ATTACH\s)", re.I)
    wrong = [f"{path}:{number}: {line.strip()[:80]}" for path in source_files("src/") if not allowed.match(path)
             for number, line in enumerate(read(path).split("\n"), 1) if sql.search(line) and re.search(r'"\s*[A-Z]{4}', line)]
    ok(not wrong, "no SQL outside statements.def, schema.def and the back end", wrong)
    wrong = [path for path in source_files("src/") if not path.startswith("src/store/sqlite")
             and re.search(r"#\s*include\s*<sqlite3\.h>|\bsqlite3_\w+\s*\(", without_comments(read(path)))]
    ok(not wrong, "only the back end speaks to SQLite", wrong)


# Each must be found by the check named: a rule that lets everything pass would not be noticed otherwise.
BAD = [
    (parameters_wrong, "SELECT a FROM t WHERE b = $2 AND c = $1"), (parameters_wrong, "SELECT a FROM t WHERE b = $1 AND c = $3"),
    (parameters_wrong, "SELECT a FROM t WHERE b = ?"), (parameters_wrong, "SELECT a FROM t WHERE b = :b"),
    (words_wrong, "SELECT a FROM t WHERE b LIKE $1"), (words_wrong, "SELECT a FROM t WHERE b GLOB $1"),
    (words_wrong, "SELECT a FROM t WHERE b REGEXP $1"), (words_wrong, "SELECT json_extract(a, $1) FROM t"),
    (words_wrong, "SELECT group_concat(a) FROM t"), (words_wrong, "SELECT a FROM t WHERE b = TRUE"),
    (words_wrong, "SELECT a || b FROM t"), (words_wrong, "SELECT rowid FROM t"), (words_wrong, "INSERT OR IGNORE INTO t (a) VALUES ($1)"),
    (words_wrong, "REPLACE INTO t (a) VALUES ($1)"), (words_wrong, "PRAGMA user_version"), (words_wrong, "SELECT * FROM t"),
    (words_wrong, "SELECT t.* FROM t"), (words_wrong, "SELECT a::text FROM t"), (words_wrong, "SELECT \"a\" FROM t"),
    (words_wrong, "SELECT lower(a) FROM t"), (words_wrong, "SELECT a FROM t; DELETE FROM t"),
    (arithmetic_wrong, "SELECT a FROM t WHERE place >> 40 = $1"), (arithmetic_wrong, "UPDATE t SET amount_minor = amount_minor + $1"),
    (arithmetic_wrong, "SELECT sum(amount_minor) FROM t"), (order_wrong, "SELECT id FROM person ORDER BY handle"), (order_wrong, "SELECT id FROM log ORDER BY word"),
    (order_wrong, "SELECT a FROM t LIMIT 1"),
]


def checks_bite():
    wrong = [f"{check.__name__} lets pass: {sql}" for check, sql in BAD if not check(sql)]
    ok(not wrong, f"the checks find {len(BAD)} statements that break a rule", wrong)


os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
statements()
sql_elsewhere()
checks_bite()
print(f"1..{count}")
sys.exit(1 if failed else 0)
