# SPDX-License-Identifier: Apache-2.0
"""The API's own description as a judge: OpenAPI 3.1 is JSON Schema of draft 2020-12, which Debian's python3-jsonschema holds answers against.
Schemas are closed first: a member that no schema names is an error, so the table they come from (src/http/answers.def) is never behind."""

import copy
import json
import re

import jsonschema

DRAFT = jsonschema.Draft202012Validator
LINES_MOST = 200  # of an answer in lines


def closed(schema):
    """A copy in which objects have the members that are named and no other."""
    schema = copy.deepcopy(schema)
    stack = [schema]
    while stack:
        x = stack.pop()
        if isinstance(x, dict):
            if "properties" in x and x.get("type") == "object":
                x.setdefault("additionalProperties", False)
            stack += x.values()
        elif isinstance(x, list):
            stack += x
    return schema


def schemas_in(x, place="#"):
    """Every schema of the document, with where it stands."""
    if isinstance(x, list):
        for i, y in enumerate(x):
            yield from schemas_in(y, f"{place}/{i}")
        return
    if not isinstance(x, dict):
        return
    for key, y in x.items():
        here = f"{place}/{key}"
        if key in ("schema", "x-tenor-line") or place == "#/components/schemas":
            yield here, y
        else:
            yield from schemas_in(y, here)


def refs_in(x):
    if isinstance(x, list):
        for y in x:
            yield from refs_in(y)
    elif isinstance(x, dict):
        if isinstance(x.get("$ref"), str):
            yield x["$ref"]
        for y in x.values():
            yield from refs_in(y)


class Description:
    def __init__(self, document):
        self.document = document
        self.shut = closed(document)
        self.resolver = jsonschema.RefResolver.from_schema(self.shut)
        self.formats = jsonschema.FormatChecker()
        self.validators, self.seen, self.held = {}, set(), {}

    def operations(self):
        for path, item in self.shut["paths"].items():
            for method, operation in item.items():
                yield path, "post" if method == "x-tenor-files" else method, operation

    def target(self, ref):
        return self.resolver.resolve(ref)[1]

    def errors(self, schema, value):
        """What of the value the schema refuses, at most three; each says where."""
        key = id(schema)
        if key not in self.validators:
            self.validators[key] = DRAFT(schema, resolver=self.resolver, format_checker=self.formats)
        found = []
        for e in self.validators[key].iter_errors(value):
            deep = jsonschema.exceptions.best_match([e]) if e.context else e
            found.append(f"{'/'.join(map(str, deep.absolute_path))}: {deep.message[:300]}")
            if len(found) == 3:
                break
        return found

    def operation_of(self, method, path, content_type):
        """The operation that a request of this path means: of two the one with fewer names, or that reads this content."""
        best, rank = None, None
        for pattern, m, operation in self.operations():
            if m != method.lower() or not re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
                continue
            reads = operation.get("requestBody", {}).get("content", {})
            mine = (pattern.count("{"), bool(reads) and content_type.split(";")[0] not in reads)
            if rank is None or mine < rank:
                best, rank = operation, mine
        return best

    def holds(self, method, path, content_type, status, answer_type, body):
        """What the description says against this answer: a list of errors; None: it is no documented operation's, or has no body."""
        if method == "HEAD" or not body:
            return None
        operation = self.operation_of(method, path, content_type)
        if operation is None:
            return None
        responses = operation["responses"]
        response = responses.get(str(status), responses["default"])
        if "$ref" in response:
            response = self.target(response["$ref"])
        name = answer_type.split(";")[0]
        media = response["content"].get(name)
        if media is None:
            return [f"{operation['operationId']} {status}: no answer of {name} is described"]
        self.held.setdefault(operation["operationId"], set()).add((status, name))
        if name in ("application/json", "application/problem+json"):
            return self.told(media["schema"], json.loads(body))
        errors = self.errors(media["schema"], body.decode("utf-8", "replace"))
        if "x-tenor-line" in media:
            for line in body.splitlines()[:LINES_MOST]:
                errors += self.told(media["x-tenor-line"], json.loads(line))
        return errors[:3]

    def told(self, schema, value):
        errors = self.errors(schema, value)
        if not errors:
            self.mark(schema, value)
        return errors

    def mark(self, schema, value):
        """Which members of which schemas there were."""
        while "$ref" in schema:
            schema = self.target(schema["$ref"])
        for one in schema.get("anyOf", []):
            if not self.errors(one, value):
                self.mark(one, value)
        if isinstance(value, list) and "items" in schema:
            for x in value:
                self.mark(schema["items"], x)
        elif isinstance(value, dict):
            for name, x in value.items():
                of = schema.get("properties", {}).get(name)
                if of is not None:
                    self.seen.add((id(schema), name))
                    self.mark(of, x)

    def members(self):
        """Members of all schemas of answers, each once: (schema, name, where)."""
        found, stack = {}, [(s, p) for p, s in schemas_in(self.shut) if "/responses/" in p or p.startswith("#/components/schemas")]
        while stack:
            schema, place = stack.pop()
            if not isinstance(schema, dict):
                continue
            for name, x in schema.get("properties", {}).items():
                found[id(schema), name] = f"{place}.{name}"
                stack.append((x, f"{place}.{name}"))
            stack += [(schema[k], place) for k in ("items", "additionalProperties") if isinstance(schema.get(k), dict)]
            stack += [(x, place) for x in schema.get("anyOf", [])]
        return found
