"""spec/openapi.yaml, and whether an answer is one that it describes."""
import json
import os
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing} (Debian: python3-jsonschema, python3-yaml)")
    sys.exit(77)


class Description:
    def __init__(self):
        text = (pathlib.Path(os.environ["PLASM_SPEC"]) / "openapi.yaml").read_text()
        self.spec = yaml.safe_load(text)
        self.paths = [(self.pattern(path), item) for path, item in self.spec["paths"].items()]

    @staticmethod
    def pattern(path):
        parts = re.split(r"(\{\w+\})", path)
        last = len(parts) - 2
        # Only a tile's path has slashes in it.
        made = "".join(re.escape(p) if not p.startswith("{") else
                       (".+" if p == "{path}" and i == last else "[^/]+")
                       for i, p in enumerate(parts))
        return re.compile(made + r"\Z")

    def resolve(self, node):
        while "$ref" in node:
            target = self.spec
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def validate(self, instance, schema):
        document = {**schema, "components": self.spec["components"]}
        jsonschema.Draft202012Validator(document).validate(instance)

    def check_problem(self, answer):
        assert answer.type == "application/problem+json", answer
        problem = json.loads(answer.body)
        self.validate(problem, {"$ref": "#/components/schemas/Problem"})
        assert problem["status"] == answer.status, answer

    def check(self, method, path, answer):
        """Raises unless the description has this answer to this request."""
        item = next((i for pattern, i in self.paths if pattern.match(path)), None)
        operation = item and item.get("get" if method == "HEAD" and "head" not in item
                                      else method.lower())
        if operation is None:  # no such path, or no such method: a problem
            assert answer.status in (400, 404, 405), answer
            if method != "HEAD":
                self.check_problem(answer)
            return
        responses = operation["responses"]
        response = self.resolve(responses.get(str(answer.status), responses["default"]))
        for name, header in response.get("headers", {}).items():
            value = answer.headers.get(name)
            schema = header["schema"]
            if value is not None:
                self.validate(int(value) if schema["type"] == "integer" else value, schema)
        if method == "HEAD":
            assert answer.body == b"", answer
            return
        content = response.get("content")
        if content is None:
            assert answer.body == b"", answer
            return
        assert answer.type in content, (answer.type, list(content), answer)
        schema = content[answer.type].get("schema", {})
        if answer.type.endswith("json"):
            self.validate(json.loads(answer.body), schema)
            if answer.type == "application/problem+json":
                self.check_problem(answer)
        elif "contentMediaType" not in schema:
            self.validate(answer.body.decode(), schema)
