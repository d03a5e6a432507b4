#!/usr/bin/python3
"""Writes docs/api/ from contract/: what can be asked over HTTP and on the socket, and what may go wrong.

    tools/api_doc.py            writes the pages
    tools/api_doc.py --check    names those that are out of date, and fails if there is one

`script/lint` checks, `script/lint --fix` writes. A page that was merged badly is simply written again.
"""
import json
import os
import re
import sys

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGES = "docs/api"
METHODS = ("get", "post", "put", "patch", "delete")
SAMPLE_ID = "01935a7e-5c00-7d3e-8f3a-2b6c9d0e1f20"
SAMPLE_TIME = "2026-11-22T06:30:00.123Z"
# What an example says for a member of that name, if it is of that kind.
SAMPLES = {
    "seq": 1042, "rev": 1310, "since": 1310, "count": 3, "status": 404, "heartbeatMs": 30000, "retryAfterMs": 1000,
    "expiresInMs": 6000, "code": "not_found",
    "handle": "ada", "displayName": "Ada L.", "password": "correct horse battery staple", "name": "general",
    "content": "**hi**", "emoji": "👍", "topic": "What we are at", "text": "away", "token": "eyJhbGciOi…",
    "version": "0.1.0", "epoch": "5b1d…", "detail": "what is wrong", "title": "Not Found",
}


class Contract:
    """Both files, and what their references stand for."""

    def __init__(self, folder):
        self.files = {}
        for name in ("openapi.yaml", "asyncapi.yaml"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                self.files[name] = yaml.safe_load(file)
        self.http = self.files["openapi.yaml"]
        self.socket = self.files["asyncapi.yaml"]

    def resolve(self, node, home):
        """(what a node stands for, the file that it is in): references are followed."""
        seen = 0
        while isinstance(node, dict) and "$ref" in node and seen < 20:
            seen += 1
            path, _, pointer = node["$ref"].partition("#")
            home = path or home
            beside = {key: value for key, value in node.items() if key != "$ref"}
            found = self.files[home]
            for step in pointer.strip("/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = {**found, **beside} if isinstance(found, dict) else found
        return node, home


def schema_name(node):
    """`Thread` of a reference to a schema; None of anything else."""
    reference = node.get("$ref", "") if isinstance(node, dict) else ""
    return reference.rsplit("/", 1)[1] if "/schemas/" in reference else None


def anchor(title):
    """The fragment that a heading gets."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def sentence(text):
    """A description on one line, for a cell of a table."""
    return " ".join(str("" if text is None else text).split()).replace("|", "\\|")


def paragraph(text):
    return str(text or "").strip()


def table(head, rows):
    if not rows:
        return []
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows] + [""]


class Page:
    """What describes schemas, for the page that it is on."""

    def __init__(self, contract, home, documented):
        self.contract = contract
        self.home = home
        self.documented = documented  # names of schemas that have a place on http.md

    # --- Types in words

    def kind(self, node, home=None):
        home = home or self.home
        name = schema_name(node)
        if name in self.documented:
            page = "" if self.home == "openapi.yaml" else "http.md"
            return f"[{name}]({page}#{anchor(name)})"
        schema, home = self.contract.resolve(node, home)
        if "const" in schema:
            return f"`{json.dumps(schema['const'], ensure_ascii=False)}`"
        if "enum" in schema:
            return " or ".join(f"`{value}`" for value in schema["enum"])
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return " or ".join(self.kind(part, home) for part in schema[key])
        return self.plain_kind(schema, home)

    def plain_kind(self, schema, home):
        types = schema.get("type", "object" if "properties" in schema else "anything")
        words = []
        for one in types if isinstance(types, list) else [types]:
            if one == "array":
                words.append("list of " + self.kind(schema.get("items", {}), home))
            elif one == "string" and schema.get("format") == "uuid":
                words.append("UUID")
            elif one == "string" and schema.get("format") == "date-time":
                words.append("time")
            else:
                words.append(str(one))
        return " or ".join(words)

    def bounds(self, node, home=None):
        schema, _ = self.contract.resolve(node, home or self.home)
        said = []
        for key, words in (("minLength", "at least {} long"), ("maxLength", "at most {} long"),
                           ("minimum", "from {}"), ("maximum", "to {}"), ("minItems", "at least {}"),
                           ("maxItems", "at most {}"), ("pattern", "`{}`"), ("default", "default `{}`")):
            if key in schema and not schema_name(node):
                value = schema[key]
                said.append(words.format(sentence(value if not isinstance(value, bool) else str(value).lower())))
        return ", ".join(said)

    def notes(self, node, home=None):
        schema, _ = self.contract.resolve(node, home or self.home)
        # What a named schema says of itself stands at its own place.
        own = node.get("description") if schema_name(node) in self.documented else schema.get("description")
        parts = [part for part in (sentence(own), self.bounds(node, home)) if part]
        return "; ".join(part.rstrip(".") if len(parts) > 1 else part for part in parts)

    # --- Members of an object

    def members(self, node, home=None):
        """[(name, schema, needed, the file it is in)], those of all parts of an `allOf`."""
        schema, home = self.contract.resolve(node, home or self.home)
        found = {}
        for part in schema.get("allOf", []):
            for name, value, needed, place in self.members(part, home):
                before = found.get(name)
                found[name] = (name, value, needed or bool(before and before[2]), place)
        required = schema.get("required", [])
        for name, value in schema.get("properties", {}).items():
            before = found.get(name)
            found[name] = (name, value, name in required or bool(before and before[2]), home)
        for name in required:
            if name in found:
                found[name] = found[name][:2] + (True,) + found[name][3:]
        return list(found.values())

    def inner(self, node, home):
        """The object inside a member that has no name of its own: itself, of a list, or beside null."""
        if schema_name(node) in self.documented:
            return None, home
        schema, home = self.contract.resolve(node, home)
        if "properties" in schema or "allOf" in schema:
            return schema, home
        for part in schema.get("oneOf", []) + schema.get("anyOf", []) + [schema.get("items", {})]:
            if isinstance(part, dict) and part:
                found, place = self.inner(part, home)
                if found:
                    return found, place
        return None, home

    def rows(self, node, home=None, before="", without=()):
        out = []
        for name, value, needed, place in self.members(node, home):
            if name in without:
                continue
            path = before + name
            out.append((f"`{path}`", self.kind(value, place), "yes" if needed else "", self.notes(value, place)))
            nested, inside = self.inner(value, place)
            if nested and before.count(".") < 3:
                out += self.rows(nested, inside, path + ".")
        return out

    def fields(self, node, home=None, without=()):
        return table(("member", "what", "always", "notes"), self.rows(node, home, without=without))

    # --- Examples

    def example(self, node, name="", home=None, depth=0):
        schema, home = self.contract.resolve(node, home or self.home)
        if "example" in schema:
            return schema["example"]
        if "const" in schema:
            return schema["const"]
        if "default" in schema:
            return schema["default"]
        if "enum" in schema:
            return SAMPLES[name] if name in SAMPLES and SAMPLES[name] in schema["enum"] else schema["enum"][0]
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return self.example(schema[key][0], name, home, depth)
        types = schema.get("type", "object" if "properties" in schema or "allOf" in schema else "string")
        if isinstance(types, list) and "null" in types:
            return None
        first = types[0] if isinstance(types, list) else types
        if first == "object":
            return {} if depth > 5 else {
                key: self.example(value, key, place, depth + 1)
                for key, value, needed, place in self.members(schema, home) if needed}
        if first == "array":
            items = schema.get("items")
            # Lists of objects would fill the page.
            full = items and schema.get("maxItems") != 0 and not self.members(items, home)
            return [self.example(items, name, home, depth + 1)] if full else []
        sample = SAMPLES.get(name)
        if first == "string":
            formats = {"uuid": SAMPLE_ID, "date-time": SAMPLE_TIME}
            return formats.get(schema.get("format"), sample if isinstance(sample, str) else "…")
        if first == "integer":
            return sample if isinstance(sample, int) else max(1, schema.get("minimum", 1))
        return {"number": 1, "boolean": False}.get(first)

    def shown(self, node, home=None, optional=()):
        value = self.example(node, home=home)
        if isinstance(value, dict):
            for name, schema, _, place in self.members(node, home):
                if name in optional:
                    value = {**value, name: self.example(schema, name, place, 1)}
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > 110:
            text = json.dumps(value, ensure_ascii=False, indent=2)
        return ["```json", text, "```", ""]


# ---------------------------------------------------------------------------------------------------------
# HTTP


class HttpPage(Page):
    def __init__(self, contract):
        names = {name for name, schema in contract.http["components"]["schemas"].items()}
        super().__init__(contract, "openapi.yaml", names)
        self.spec = contract.http

    def operations(self):
        """(method, path, operation, parameters of the path), in the contract's order."""
        for path, item in self.spec["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method.upper(), path, item[method], item.get("parameters", [])

    def who(self, operation):
        needed = operation.get("security", self.spec.get("security", []))
        schemes = [name for one in needed for name in one]
        words = {"bearer": "a token", "sessionCookie": "the session cookie", "refreshCookie": "the refresh cookie",
                 "metricsToken": "the token for metrics"}
        if not schemes:
            return "anybody"
        named = [words.get(name, f"`{name}`") for name in schemes]
        return " or ".join(["no token"] * ({} in needed) + named)

    def scope(self, operation):
        """What a bot's token needs; nothing where nobody needs a token."""
        if not any("bearer" in one for one in operation.get("security", self.spec.get("security", []))):
            return ""
        scope = operation.get("x-scope")
        return f" A bot's token needs the scope `{scope}`." if scope else " Not for bots."

    def parameters(self, operation, shared):
        rows = []
        for node in shared + operation.get("parameters", []):
            one, home = self.contract.resolve(node, self.home)
            schema = one.get("schema", {})
            notes = "; ".join(filter(None, (sentence(one.get("description")), self.bounds(schema, home))))
            needed = "yes" if one.get("required") else ""
            rows.append((f"`{one['name']}`", one["in"], self.kind(schema, home), needed, notes))
        return table(("parameter", "in", "what", "needed", "notes"), rows)

    def content(self, node, home):
        """(media type, schema) of the first kind of content."""
        for media, body in node.get("content", {}).items():
            return media, body.get("schema", {}), home
        return None, None, home

    def body(self, operation):
        if "requestBody" not in operation:
            return []
        body, home = self.contract.resolve(operation["requestBody"], self.home)
        media, schema, home = self.content(body, home)
        lines = [f"**Body** `{media}`: {paragraph(body.get('description')) or self.kind(schema, home)}", ""]
        if self.members(schema, home):
            lines += self.fields(schema, home)
            if media == "application/json":
                lines += self.shown(schema, home)
        return lines

    def answers(self, operation):
        rows, inline = [], []
        for status, node in operation["responses"].items():
            answer, home = self.contract.resolve(node, self.home)
            media, schema, home = self.content(answer, home)
            if media == "application/problem+json" or status == "default":
                kind = ""
            else:
                kind = self.kind(schema, home) if schema else "nothing"
                if schema and not schema_name(schema) and self.members(schema, home):
                    inline += [f"**{status}** `{media}`", ""] + self.fields(schema, home)
            headers = ", ".join(f"`{name}`" for name in answer.get("headers", {}))
            said = sentence(answer.get("description")) + (f" ({headers})" if headers else "")
            rows.append(("other" if status == "default" else f"`{status}`", said, kind))
        return table(("answer", "meaning", "body"), rows) + inline

    def operation(self, method, path, operation, shared):
        lines = [f"### {method} {path}", "", sentence(operation["summary"]) + ".", ""]
        if operation.get("description"):
            lines += [paragraph(operation["description"]), ""]
        lines += [f"For {self.who(operation)}.{self.scope(operation)}", ""]
        return lines + self.parameters(operation, shared) + self.body(operation) + self.answers(operation)

    def overview(self):
        rows = [(f"[`{method} {path}`](#{anchor(f'{method} {path}')})", sentence(operation["summary"]))
                for method, path, operation, _ in self.operations()]
        return ["## Routes", ""] + table(("method and path", "what"), rows)

    def signing_in(self):
        lines = ["## Tokens and cookies", ""]
        for name, scheme in self.spec["components"]["securitySchemes"].items():
            how = f"`Authorization: {scheme['scheme'].title()} …`" if scheme["type"] == "http" \
                else f"{scheme['in']} `{scheme['name']}`"
            lines.append(f"- **{name}**: {how}. {sentence(scheme.get('description'))}".rstrip())
        return lines + [""]

    def objects(self):
        lines = ["## Objects", ""]
        for name, schema in sorted(self.spec["components"]["schemas"].items()):
            if name == "ErrorCode":
                continue
            lines += [f"### {name}", ""]
            if schema.get("description"):
                lines += [paragraph(schema["description"]), ""]
            if self.members(schema):
                lines += self.fields(schema) + self.shown(schema)
            else:
                bounds = self.bounds(schema)
                lines += [self.kind(schema).capitalize() + (f", {bounds}" if bounds else "") + ".", ""]
        return lines

    def text(self):
        lines = ["# The HTTP API", "", NOTE.format("openapi.yaml"), "", paragraph(self.spec["info"]["description"]),
                 "", "Errors are described in [errors.md](errors.md), the socket in [websocket.md](websocket.md).", ""]
        lines += self.signing_in() + self.overview()
        tags = [tag["name"] for tag in self.spec.get("tags", [])]
        by_tag = {}
        for one in self.operations():
            by_tag.setdefault(one[2].get("tags", ["other"])[0], []).append(one)
        for tag in tags + [tag for tag in by_tag if tag not in tags]:
            if tag in by_tag:
                lines += [f"## {tag[0].upper()}{tag[1:]}", ""]
                for one in by_tag[tag]:
                    lines += self.operation(*one)
        return finished(lines + self.objects())


# ---------------------------------------------------------------------------------------------------------
# WebSocket


class SocketPage(Page):
    def __init__(self, contract):
        super().__init__(contract, "asyncapi.yaml", set(contract.http["components"]["schemas"]))
        self.spec = contract.socket

    def payload(self, node):
        message, home = self.contract.resolve(node, self.home)
        return message["payload"], home

    def type_of(self, payload, home):
        for name, schema, _, _ in self.members(payload, home):
            if name == "type":
                return schema.get("const")
        return None

    def frame(self, node):
        payload, home = self.payload(node)
        optional = ("id",) if any(name == "id" for name, _, _, _ in self.members(payload, home)) else ("re",)
        return self.fields(payload, home, without=("type",)) + self.shown(payload, home, optional)

    def command(self, name, operation):
        lines = [f"### {name}", "", sentence(operation["summary"]), ""]
        if operation.get("description"):
            lines += [paragraph(operation["description"]), ""]
        if "x-scope" in operation:
            lines += [f"A bot's token needs the scope `{operation['x-scope']}`.", ""]
        for node in operation["messages"]:
            lines += self.frame(node)
        for node in operation.get("reply", {}).get("messages", []):
            payload, home = self.payload(node)
            answer = self.type_of(payload, home)
            if answer != "error":
                lines += [f"**Answer** `{answer}`", ""] + self.frame(node)
        return lines

    def text(self):
        lines = ["# The WebSocket", "", NOTE.format("asyncapi.yaml"), "", paragraph(self.spec["info"]["description"]),
                 "", "Errors are described in [errors.md](errors.md), objects in [http.md](http.md#objects).", ""]
        by_action = {"receive": [], "send": []}
        for name, operation in self.spec["operations"].items():
            by_action[operation["action"]].append((name, operation))
        for action, title in (("receive", "What a client sends"), ("send", "What clients are told")):
            rows = [(f"[`{name}`](#{anchor(name)})", sentence(operation["summary"]))
                    for name, operation in by_action[action]]
            lines += [f"## {title}", ""] + table(("type", "what"), rows)
            for name, operation in by_action[action]:
                lines += self.command(name, operation)
        lines += ["## error", "", "The answer to a request that is refused.", ""]
        lines += self.frame(self.spec["channels"]["socket"]["messages"]["error"])
        return finished(lines)


# ---------------------------------------------------------------------------------------------------------
# Errors


def said_of_codes(http):
    """By code: [(route, what is said of it there)], where an answer is that route's own."""
    said = {code: [] for code in http.spec["components"]["schemas"]["ErrorCode"]["enum"]}
    for method, path, operation, _ in http.operations():
        for answer in operation["responses"].values():
            if "$ref" in answer:
                continue
            # "`conflict`: the handle is taken. `setup_needed`: ..." speaks of one code after the other.
            parts = re.split(r"`(\w+)`(?::|,|$)", sentence(answer.get("description")))
            for code, words in zip(parts[1::2], parts[2::2]):
                if code in said:
                    said[code].append((f"{method} {path}", words.strip(" ,.")))
    return said


def errors_page(contract):
    http = HttpPage(contract)
    components = contract.http["components"]
    meanings = components.get("x-error-codes", {})
    lines = ["# Errors", "", NOTE.format("openapi.yaml"), "",
             "Over HTTP an error is a problem (RFC 9457, `application/problem+json`); on the socket it is an "
             "[`error`](websocket.md#error) frame with the same codes, and the connection stays open.", ""]
    lines += http.fields(components["schemas"]["Problem"]) + http.shown(components["schemas"]["Problem"])
    lines += ["## Codes", "", paragraph(components["schemas"]["ErrorCode"]["description"]), "",
              "## What they mean", ""]
    for code, routes in said_of_codes(http).items():
        lines += [f"### {code}", "", sentence(meanings.get(code)), ""]
        lines += [f"- [`{title}`](http.md#{anchor(title)})" + (f": {words}" if len(words) > 3 else "")
                  for title, words in routes]
        lines.append("")
    return finished(lines)


# ---------------------------------------------------------------------------------------------------------

NOTE = "<!-- Written from contract/{} by tools/api_doc.py (script/lint --fix); change it there. -->"


def finished(lines):
    """One empty line between parts, one line break at the end."""
    text = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def pages(folder=None):
    contract = Contract(folder or os.path.join(ROOT, "contract"))
    return {
        f"{PAGES}/http.md": HttpPage(contract).text(),
        f"{PAGES}/websocket.md": SocketPage(contract).text(),
        f"{PAGES}/errors.md": errors_page(contract),
    }


def read(path):
    try:
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def main(arguments):
    stale = [(path, text) for path, text in pages().items() if read(path) != text]
    if "--check" in arguments:
        for path, _ in stale:
            print(f"{path}: is not what contract/ says: run script/lint --fix")
        return 1 if stale else 0
    for path, text in stale:
        os.makedirs(os.path.dirname(os.path.join(ROOT, path)), exist_ok=True)
        with open(os.path.join(ROOT, path), "w", encoding="utf-8") as file:
            file.write(text)
        print(f"{path}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
