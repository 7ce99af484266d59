# SPDX-License-Identifier: Apache-2.0
"""Paper: what the program and test_pdf print, read with poppler and qpdf. Debian has no validator of PDF/A, so what ISO 19005-3 asks for
and can be seen in the objects is asserted here: XMP and Info say the same, an output intent, every font embedded and its glyphs
mapped, no transparency without a blending space, no action but links, files with their relationship, a structure that holds every
mark of every page."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile

from program import ROOT, TENOR, done, ok, tenor

EXAMPLES = "contracts/examples"
MONTH = [f"{EXAMPLES}/northwind.yaml", f"{EXAMPLES}/northwind-tickets.csv", f"{EXAMPLES}/northwind-outages.jsonl",
         f"{EXAMPLES}/northwind-maintenance.ics", "--month", "2026-03"]
# Pango keeps references to fontconfig's configuration that it never gives back; all else is looked for.
os.environ["LSAN_OPTIONS"] = f"suppressions={os.path.abspath('tests/program/paper.supp')}:print_suppressions=0"
FOLDER = tempfile.mkdtemp(prefix="tenor-paper-")


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, **more).stdout


def path(name):
    return os.path.join(FOLDER, name)


def words(text):
    """Words and numbers in order; capitals and what stands between are a matter of form."""
    return re.findall(r"[\w%]+(?:[.,:/-][\w%]+)*", text.lower().replace("\u00a0", " ").replace("\u202f", " "))


def layout(name, *crop):
    return run("pdftotext", "-layout", *crop, path(name), "-").decode()


# --- the objects of a file ---

class File:
    def __init__(self, name):
        full = json.loads(run("qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=generalized", path(name), "-"))
        self.objects = full["qpdf"][1]
        self.trailer = self.objects["trailer"]["value"]
        self.root = self.get(self.trailer["/Root"])
        self.pages = [self.get(p["object"]) for p in full["pages"]]
        self.page_ids = [p["object"] for p in full["pages"]]

    def get(self, value):
        """A reference's object, a stream's dictionary, anything else as it is."""
        if isinstance(value, str) and re.fullmatch(r"\d+ \d+ R", value):
            found = self.objects[f"obj:{value}"]
            return found["stream"]["dict"] if "stream" in found else found["value"]
        return value

    def data(self, reference):
        import base64
        return base64.b64decode(self.objects[f"obj:{reference}"]["stream"]["data"])

    def walk(self):
        for found in self.objects.values():
            stack = [found["stream"]["dict"] if "stream" in found else found.get("value")]
            while stack:
                value = stack.pop()
                if isinstance(value, dict):
                    yield value
                    stack.extend(value.values())
                elif isinstance(value, list):
                    stack.extend(value)


def metadata(f):
    return f.data(f.root["/Metadata"]).decode()


def text_of(value):
    return value[2:] if value[:2] == "u:" else value


def pdfa(name):
    """The requirements that can be seen in the objects."""
    f = File(name)
    wrong = []

    def need(good, what):
        if not good:
            wrong.append(what)

    xmp = metadata(f)
    info = f.get(f.trailer["/Info"])
    need("<pdfaid:part>3<" in xmp and "<pdfaid:conformance>B<" in xmp, "XMP names PDF/A-3b")
    need("/Filter" not in f.get(f.root["/Metadata"]), "XMP is plain")
    import html
    title = html.unescape(re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", xmp).group(1))
    need(title == text_of(info["/Title"]), "title")
    author = re.search(r"<dc:creator>.*?<rdf:li>(.*?)</rdf:li>", xmp)
    need((html.unescape(author.group(1)) if author else None) == (text_of(info["/Author"]) if "/Author" in info else None), "author")
    need(re.search(r"<pdf:Producer>(.*?)<", xmp).group(1) == text_of(info["/Producer"]), "producer")
    need(re.search(r"<xmp:CreatorTool>(.*?)<", xmp).group(1) == text_of(info["/Creator"]), "creator")
    date = re.search(r"<xmp:CreateDate>(.*?)<", xmp)
    digits = "D:" + re.sub(r"[-:T]", "", date.group(1)) if date else None
    need(digits == (text_of(info["/CreationDate"]) if "/CreationDate" in info else None), "date")
    need(len(f.trailer["/ID"]) == 2, "ID")
    need("/Encrypt" not in f.trailer, "not encrypted")
    intent = f.root["/OutputIntents"][0]
    need(intent["/S"] == "/GTS_PDFA1" and f.get(intent["/DestOutputProfile"])["/N"] == 3, "output intent")
    need(f.data(intent["/DestOutputProfile"])[36:40] == b"acsp", "the profile is one")
    for d in f.walk():
        need(d.get("/S") not in ("/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/Movie", "/Sound"), f"action {d.get('/S')}")
        need("/AA" not in d and "/JS" not in d, "no additional action")
        if d.get("/S") == "/Transparency":
            need("/CS" in d, "a transparency group has a blending space")
        if d.get("/Type") == "/Annot":
            need(d.get("/F") == 4, "annotations print")
        if d.get("/Subtype") == "/Image":
            need(not d.get("/Interpolate", False), "no smoothing")
        need(d.get("/Filter") != "/LZWDecode", "no LZW")
        if d.get("/Type") == "/Font":
            wrong.extend(font(f, d))
    return f, wrong


def font(f, d):
    if d["/Subtype"] == "/Type0":
        below = f.get(f.get(d["/DescendantFonts"])[0])
        if below["/Subtype"] == "/CIDFontType2" and below.get("/CIDToGIDMap") != "/Identity":
            yield "CIDToGIDMap"
        if "/ToUnicode" not in d:
            yield "ToUnicode"
        return
    descriptor = f.get(d["/FontDescriptor"])
    if not any(k in descriptor for k in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield f"{d['/BaseFont']} is not embedded"


def structure(f):
    """Every mark of every page is decoration or somebody's content; parents and kids agree. Gives the roles and what is wrong."""
    roles, seen, wrong = {}, set(), []
    tree = f.get(f.root["/StructTreeRoot"])
    numbers = f.get(tree["/ParentTree"])["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2]))
    stack = [(k, f.root["/StructTreeRoot"]) for k in tree["/K"]]
    while stack:
        reference, parent = stack.pop()
        node = f.get(reference)
        roles[node["/S"]] = roles.get(node["/S"], 0) + 1
        if node["/P"] != parent:
            wrong.append(f"{reference}: another parent")
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if isinstance(kid, str):
                stack.append((kid, reference))
            elif isinstance(kid, int) or kid["/Type"] == "/MCR":
                page = node["/Pg"] if isinstance(kid, int) else kid["/Pg"]
                number = kid if isinstance(kid, int) else kid["/MCID"]
                seen.add((page, number))
                if parents[f.get(page)["/StructParents"]][number] != reference:
                    wrong.append(f"mark {number} of {page}: not its parent's")
            elif parents[f.get(kid["/Obj"])["/StructParent"]] != reference:
                wrong.append("a link's parent")
    for reference, page in zip(f.page_ids, f.pages):
        marked = [int(n) for n in re.findall(rb"<</MCID (\d+)>> BDC", f.data(page["/Contents"]))]
        for n in marked:
            if (reference, n) not in seen:
                wrong.append(f"mark {n} of {reference} is nobody's")
        if len(set(marked)) != len(marked):
            wrong.append(f"{reference}: a number twice")
    return roles, wrong


def sound(name, label):
    check = subprocess.run(["qpdf", "--check", path(name)], capture_output=True, text=True)
    ok(check.returncode == 0, f"{label}: qpdf finds nothing", check.stdout, check.stderr)
    fonts = run("pdffonts", path(name)).decode().splitlines()[2:]
    flags = [re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+", line) for line in fonts]
    ok(fonts and all(m and m.groups() == ("yes", "yes", "yes") for m in flags), f"{label}: fonts are embedded, in part, with letters", *fonts)
    f, wrong = pdfa(name)
    ok(not wrong, f"{label}: PDF/A-3", *wrong)
    roles, wrong = structure(f)
    ok(not wrong, f"{label}: structure", *wrong)
    return f, roles


# --- the documents of test_pdf ---

def units():
    run(os.path.join(os.path.dirname(TENOR), "unit/render/test_pdf"), FOLDER)
    for name in ["plain", "tall", "hard", "invoice", "logo"]:
        f, roles = sound(name + ".pdf", name)
        if name == "plain":
            ok(f.pages[0]["/MediaBox"] == [0, 0, 612, 792], "letter", f.pages[0]["/MediaBox"])
            ok(all(r in roles for r in ["/H1", "/H2", "/H3", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/BlockQuote", "/Link"]), "roles", roles)
            links = [a for p in f.pages for a in f.get(p["/Annots"])]
            ok(any("/Dest" in f.get(a) for a in links) and any("/A" in f.get(a) for a in links), "links within and out")
        if name == "tall":
            ok(roles["/TR"] == 121 and len(f.pages) > 2 and roles["/Table"] == 1, "one table over pages, its headings read once", roles)
    for name, begin in [("plain", "what"), ("invoice", "what")]:
        with open(path(name + ".txt"), encoding="utf-8") as source:
            want = words(source.read())
        got = words(layout(name + ".pdf", "-x", "0", "-y", "0", "-W", "620", "-H", "730"))
        got, want = got[got.index(begin):], want[want.index(begin):]
        ok(got == want, f"{name}: the same words in the same order as in text", got, want)
    tall()
    attached()


def tall():
    with open(path("tall.txt"), encoding="utf-8") as source:
        want = words(source.read())
    got, heads = [], 0
    for line in layout("tall.pdf", "-x", "0", "-y", "55", "-W", "620", "-H", "690").splitlines():
        head = words(line) == ["item", "what", "it", "is", "amount"]
        heads += head
        if not head or heads == 1:
            got += words(line)
    pages = int(re.search(r"Pages:\s+(\d+)", run("pdfinfo", path("tall.pdf")).decode()).group(1))
    ok(got[got.index("item"):] == want[want.index("item"):], "over pages nothing is lost and nothing twice", got[:80], want[:80])
    ok(heads == pages, f"headings stand on each of {pages} pages", heads)
    feet = re.findall(r"Page (\d+) of (\d+)", layout("tall.pdf"))
    ok(feet == [(str(i + 1), str(pages)) for i in range(pages)], "every page has its number", feet)


def attached():
    f = File("invoice.pdf")
    listed = run("pdfdetach", "-list", path("invoice.pdf")).decode()
    run("pdfdetach", "-saveall", "-o", FOLDER, path("invoice.pdf"))
    with open(path("factur-x.xml"), "rb") as source:
        ok(source.read() == '<?xml version="1.0"?>\n<invoice>12 \u00e4</invoice>\n'.encode(), "the XML inside comes out as it was", listed)
    with open(path("usage.csv"), "rb") as source:
        ok(source.read() == b"a,b\n1,2\n", "so does the CSV")
    names = f.root["/Names"]["/EmbeddedFiles"]["/Names"]
    ok(names[::2] == ["u:factur-x.xml", "u:usage.csv"], "in the order of their names", names)
    specs = [f.get(r) for r in f.root["/AF"]]
    ok([s["/AFRelationship"] for s in specs] == ["/Alternative", "/Supplement"], "each says how it belongs")
    streams = [f.get(s["/EF"]["/F"]) for s in specs]
    ok([s["/Subtype"] for s in streams] == ["/text/xml", "/text/csv"] and all("/ModDate" in s["/Params"] for s in streams),
       "each says what it is", streams)
    xmp = metadata(f)
    ok("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in xmp and "<pdfaSchema:prefix>fx</pdfaSchema:prefix>" in xmp and
       xmp.count("<pdfaProperty:name>") == 4, "Factur-X is announced and its schema described")
    ok(f.root["/Lang"] == "u:de" and "Seite 1 von 1" in layout("invoice.pdf"), "in German")
    import xml.etree.ElementTree
    for name in ["plain.pdf", "invoice.pdf"]:
        xml.etree.ElementTree.fromstring(re.sub(r"<\?xpacket.*?\?>", "", metadata(File(name))))
    ok(True, "XMP is XML")


# --- the program ---

def verbs():
    first = tenor("month", *MONTH, "-o", path("month.pdf"))
    ok(first.returncode == 0, "month -o month.pdf", first.err)
    with open(path("month.pdf"), "rb") as source:
        whole = source.read()
    other = {"TZ": "Asia/Kathmandu", "LANG": "de_DE.UTF-8", "LC_ALL": "tr_TR.UTF-8", "HOME": FOLDER, "PANGO_LANGUAGE": "ja",
             "FONTCONFIG_FILE": "/dev/null", "SOURCE_DATE_EPOCH": "1", "XDG_CACHE_HOME": path("cache")}
    again = tenor("month", *MONTH, "--format", "pdf", env=other)
    ok(again.stdout == whole, "the same bytes in another zone, language and home", again.err,
       hashlib.sha256(again.stdout).hexdigest(), hashlib.sha256(whole).hexdigest())
    ok(not os.path.exists(path("cache")), "no cache of fonts is written")
    f, _ = sound("month.pdf", "month")
    page = words(layout("month.pdf"))
    text = words(tenor("month", *MONTH, "--width", "400").out)
    lost = [w for w in set(text) if re.search(r"\d", w) and w not in page and not w.startswith(("tenor", "c1"))]
    ok(not lost, "every number of the text stands on paper", lost)
    outlines = f.get(f.root["/Outlines"])
    ok(outlines["/Count"] >= 4, "bookmarks", outlines)
    german = tenor("month", *MONTH, "--format", "pdf", "--paper", "letter", "--lang", "de", "-o", path("de.pdf"))
    f = File("de.pdf")
    ok(german.returncode == 0 and f.pages[0]["/MediaBox"] == [0, 0, 612, 792] and "Leistungsbericht" in layout("de.pdf"), "letter, in German")
    ok(tenor("month", *MONTH, "--paper", "letter").returncode == 64, "--paper is for pdf alone")
    ok(tenor("month", *MONTH, "--format", "pdf", "--paper", "a5").err.strip() == 'tenor: "a5" is not a paper; write a4 or letter', "no other paper")
    record()


def record():
    place = path("record")
    os.mkdir(place)
    for name in os.listdir(EXAMPLES):
        if name.startswith("northwind"):
            shutil.copy(os.path.join(EXAMPLES, name), place)
    with open(os.path.join(place, "northwind.yaml"), encoding="utf-8") as source:
        proposed = source.read().replace("P2, within: 10h@office", "P2, within: 6h@office")
    with open(os.path.join(place, "proposed.yaml"), "w", encoding="utf-8") as out:
        out.write(proposed)
    os.chdir(place)
    home = {"HOME": place}
    steps = [["init", "harbor.tenor", "--provider", "Harbor IT LLC", "--owner", "dana"],
             ["client", "add", "northwind", "--name", "Northwind Clinic PC"],
             ["contract", "add", "northwind.yaml", "--client", "northwind", "--agreed", "2025-12-18"],
             ["import", "northwind-tickets.csv", "northwind-outages.jsonl", "northwind-maintenance.ics", "--contract", "NW-2026"],
             ["statement", "--contract", "NW-2026", "--month", "2026-03", "--format", "pdf", "-o", path("statement.pdf")],
             ["statement", "--contract", "NW-2026", "--month", "2026-03", "--issue", "-o", path("issued.pdf")],
             ["backtest", "--contract", "NW-2026", "--with", "proposed.yaml", "--from", "2026-03", "--to", "2026-03", "--format", "pdf",
              "-o", path("backtest.pdf")]]
    for step in steps:
        done_ = tenor(*step, env=home)
        ok(done_.returncode == 0, "tenor " + " ".join(step[:2]), done_.err)
    os.chdir(ROOT)
    sound("statement.pdf", "statement")
    sound("backtest.pdf", "backtest")
    issued = words(layout("issued.pdf"))
    ok(any(len(w) == 64 for w in issued), "an issued one shows the root and its own hash in full")
    again = tenor("statement", "--contract", "NW-2026", "--month", "2026-03", "--revision", "1", "--format", "pdf", "--workspace",
                  os.path.join(place, "harbor.tenor"), env=home)
    with open(path("issued.pdf"), "rb") as source:
        ok(again.stdout == source.read(), "shown again it is the same file", again.err)


if shutil.which("qpdf") is None or shutil.which("pdftotext") is None:
    print("1..0 # SKIP qpdf and poppler-utils are not installed")
else:
    try:
        units()
        verbs()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    done()
