"""script/site makes a site of every document, in which every link and anchor leads somewhere."""
import collections
import html.parser
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"  # as script/site says; python3-markdown is Debian's
VOID = {"meta", "link", "img", "br", "hr", "input"}


def tracked():
    done = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                          stdout=subprocess.PIPE, check=True)
    return [name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def make(tree, folder):
    return subprocess.run([tree / "script" / "site", folder], text=True, timeout=300, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links = []
        self.ids = []
        self.tags = collections.Counter()
        self.open = []
        self.badly_nested = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags[tag] += 1
        self.links += [(tag, values[name]) for name in ("href", "src") if name in values]
        self.ids += [values["id"]] if "id" in values else []
        if tag == "img" and not values.get("alt"):
            self.badly_nested.append("img without alt")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.badly_nested.append(tag)


class SiteTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-site-")
        cls.addClassCleanup(temporary.cleanup)
        cls.work = pathlib.Path(temporary.name)
        cls.site = cls.work / "site"
        done = make(ROOT, cls.site)
        assert done.returncode == 0, done.stdout
        cls.pages = {path: Page(path) for path in cls.site.rglob("*.html")}

    def test_every_document_is_a_page(self):
        names = [name for name in tracked() if name.endswith(".md")]
        self.assertGreater(len(names), 30)
        for name in names:
            page = re.sub(r"(^|/)README\.md$", r"\1index.html", name)
            page = re.sub(r"\.md$", ".html", page)
            self.assertIn(self.site / page, self.pages, name)

    def test_every_link_and_anchor_leads_somewhere(self):
        checked = 0
        for path, page in self.pages.items():
            for tag, link in page.links:
                parts = urllib.parse.urlsplit(link)
                if parts.scheme:
                    self.assertEqual((tag, parts.scheme), ("a", "https"), f"{path}: {link}")
                    continue
                target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
                self.assertTrue(target.is_file(), f"{path}: {link}")
                if parts.fragment:
                    self.assertIn(parts.fragment, self.pages[target].ids, f"{path}: {link}")
                checked += 1
        self.assertGreater(checked, 1000)

    def test_every_page_is_whole_and_can_be_reached(self):
        reached, todo = set(), [self.site / "index.html"]
        while todo:
            path = todo.pop()
            if path in reached or path.suffix != ".html":
                continue
            reached.add(path)
            page = self.pages[path]
            self.assertEqual((page.badly_nested, page.open), ([], []), path)
            self.assertEqual((page.tags["h1"], page.tags["main"], page.tags["nav"], page.tags["script"]), (1, 1, 1, 0), path)
            self.assertEqual([name for name, count in collections.Counter(page.ids).items() if count > 1], [], path)
            todo += [(path.parent / urllib.parse.urlsplit(link).path).resolve() for tag, link in page.links
                     if tag == "a" and not urllib.parse.urlsplit(link).scheme and urllib.parse.urlsplit(link).path]
        self.assertEqual(reached, set(self.pages))

    def test_nothing_of_markdown_is_left_in_the_text(self):
        for path in self.pages:
            text = re.sub(r"<(pre|code)>.*?</\1>", "", path.read_text("utf-8"), flags=re.S)
            text = re.sub(r"<[^>]*>", "", text)
            for left in ("```", "](", "**", "@ref", "{#", "\n| ", "\n- "):
                self.assertNotIn(left, text, path)

    def test_it_has_a_light_and_a_dark_side(self):
        style = (self.site / "style.css").read_text("utf-8")
        self.assertIn("prefers-color-scheme: dark", style)
        self.assertIn("color-scheme: light dark", style)

    def test_the_same_documents_give_the_same_site(self):
        again = self.work / "again"
        self.assertEqual(make(ROOT, again).returncode, 0)
        done = subprocess.run(["diff", "-r", self.site, again], text=True, stdout=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_what_leads_nowhere_or_has_no_place_is_told(self):
        tree = self.work / "tree"
        for name in tracked():
            if not name.startswith(("src/", "fuzz/", "apps/", "tests/")):
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, tree / name)
        subprocess.run(["git", "init", "--quiet", tree], check=True)
        node = tree / "docs" / "node.md"
        node.write_text(node.read_text("utf-8") + "\n[a](nowhere.md) [b](concepts.md#nothing) [c](http://plain.example)\n", "utf-8")
        (tree / "docs" / "new.md").write_text("# New\n", "utf-8")
        folder = self.work / "never"
        done = make(tree, folder)
        self.assertEqual(done.returncode, 1)
        for problem in ("docs/node.md: nowhere.md leads to nothing", "docs/node.md: concepts.md#nothing: there is no such heading",
                        "docs/node.md: http://plain.example is neither https", "docs/new.md is in no section"):
            self.assertIn(problem, done.stdout)
        self.assertFalse(folder.exists())

    def test_a_folder_with_other_files_is_left_alone(self):
        folder = self.work / "mine"
        folder.mkdir()
        (folder / "letter.txt").write_text("dear", "utf-8")
        done = make(ROOT, folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("files that are not a site's", done.stdout)
        self.assertEqual([path.name for path in folder.iterdir()], ["letter.txt"])


if __name__ == "__main__":
    if subprocess.run([PYTHON, "-c", "import markdown"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        print("python3-markdown is not installed: script/bootstrap test installs it")
        sys.exit(77)
    unittest.main(verbosity=2)
