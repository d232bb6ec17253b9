"""The pictures of docs/: well-formed, described, readable in dark and light, and of nothing from elsewhere."""
import pathlib
import re
import unittest
import xml.etree.ElementTree as etree

ROOT = pathlib.Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
DOCUMENTS = list((ROOT / "docs").rglob("*.md"))
PICTURES = sorted((ROOT / "docs").rglob("*.svg"))


class PicturesTest(unittest.TestCase):
    def each(self):
        """(name, text, root element) of each picture."""
        self.assertGreater(len(PICTURES), 3)
        return [(path.name, path.read_text("utf-8"), etree.parse(path).getroot()) for path in PICTURES]

    def test_each_is_described(self):
        for name, _, root in self.each():
            self.assertEqual(root.tag, f"{SVG}svg", name)
            self.assertEqual(root.get("role"), "img")
            for tag in ("title", "desc"):
                element = root.find(f"{SVG}{tag}")
                self.assertGreater(len(element.text), 10)
                self.assertIn(element.get("id"), root.get("aria-labelledby").split())

    def test_each_stands_in_a_document_with_words_in_its_place(self):
        text = "\n".join(path.read_text("utf-8") for path in DOCUMENTS)
        for path in PICTURES:
            found = re.search(rf"!\[([^\]]*)\]\([^)]*{re.escape(path.name)}\)", text)
            self.assertTrue(found, path.name)
            self.assertGreater(len(found[1]), 20, path.name)

    def test_each_refers_to_nothing_outside(self):
        for name, text, root in self.each():
            self.assertNotRegex(text, r"<!DOCTYPE|<!ENTITY|<\?|@import|javascript:")
            self.assertEqual(re.findall(r"https?://[^\"]*", text), ["http://www.w3.org/2000/svg"])
            self.assertEqual([link for link in re.findall(r"url\(([^)]*)\)", text) if not link.startswith("#")], [])
            for element in root.iter():
                self.assertNotIn(element.tag.removeprefix(SVG), ("script", "foreignObject", "image", "use", "a"))
                self.assertEqual([key for key in element.attrib if key.startswith("on") or key.endswith("href")], [], name)

    def test_every_colour_has_a_dark_twin(self):
        for name, text, root in self.each():
            light, dark = text.split("@media (prefers-color-scheme: dark)")
            light = light.split("<style>")[1]
            dark = dark.split("</style>")[0]
            coloured, again = ({key for key, rule in re.findall(r"^\s+(\.?\w+) \{([^}]*)\}", style, re.M) if "#" in rule}
                               for style in (light, dark))
            self.assertEqual(coloured, again, name)
            # Whatever is drawn has a class that gives it its colours.
            named = {key.removeprefix(".") for key in coloured}
            for element in root.iter():
                if element.tag in (f"{SVG}rect", f"{SVG}path"):
                    self.assertTrue(set(element.get("class", "").split()) & named, f"{name}: {etree.tostring(element)}")
                self.assertEqual([key for key in ("fill", "stroke", "style") if key in element.attrib], [], name)

    def test_text_stays_inside_the_picture(self):
        for name, _, root in self.each():
            width = float(root.get("viewBox").split()[2])
            for element in root.iter(f"{SVG}text"):
                # Seven units a letter are more than any common font takes on average.
                half = 7 * len(element.text) / (2 if "middle" in element.get("class", "") else 1)
                self.assertLess(float(element.get("x")) + half, width + 10, f"{name}: {element.text}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
