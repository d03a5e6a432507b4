#!/usr/bin/python3
"""Checks what no compiler checks: layers, rule C1, where Asio may be seen, banned words and calls, sizes.

    tools/tidy.py [--fix] [FILE...]      default: every file that git knows or would add

Prints `file:line: rule: what to do` for each finding, and fails if there is one; with --fix it first writes
the empty lines between definitions. STYLE.md has the reasons; tools/tidy_test.py shows for each rule what it
refuses and what it lets pass.
"""
import os
import re
import subprocess
import sys
from collections import namedtuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXCEPTIONS = "tools/tidy_exceptions.txt"

Finding = namedtuple("Finding", "path line rule advice")

# ---------------------------------------------------------------------------------------------------------
# Reading C++: comments and literals away, lines kept.

LEXEMES = re.compile(
    r"""(?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\ ]*)\(.*?\)(?P=mark)")"""
    r"""|(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)"""
    r"""|(?P<include>^[ \t]*\#[ \t]*include[^\n]*)"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<number>\b\d(?:[\w.]|'(?=\w))*)"""
    r"""|(?P<char>'(?:\\.|[^'\\\n])+')""",
    re.S | re.M,
)


def blank(text, keep=""):
    """`text` with everything but line breaks replaced, so that positions stay; `keep` fills the start."""
    rest = re.sub(r"[^\n]", " ", text)
    return keep + rest[len(keep):]


def strip(text):
    """The code alone: comments blank, literals as "" of the same length, include lines blank."""
    def replaced(match):
        if match.lastgroup == "number" or match.group("number"):
            return match.group()
        if match.group("string") or match.group("raw"):
            return blank(match.group(), '""')
        if match.group("char"):
            return blank(match.group(), "0")
        return blank(match.group())
    return LEXEMES.sub(replaced, text)


def comments_of(text):
    """(position, comment) of each comment."""
    return [(m.start(), m.group()) for m in LEXEMES.finditer(text) if m.group("comment")]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)


def includes_of(text):
    """(line, name, quoted) of each include."""
    return [(line_of(text, m.start()), m.group(1) or m.group(2), m.group(1) is not None)
            for m in INCLUDE.finditer(text)]


def is_test(path):
    return re.search(r"_(s3|postgres|redis)?test\.[ch]pp$", path) is not None or path.startswith("tests/") \
        or "/testing/" in path or "/contract/" in path


def is_cpp(path):
    return path.endswith((".cpp", ".hpp"))


# ---------------------------------------------------------------------------------------------------------
# Layers: who may include whom (STYLE.md, "Layers"). The table is about direct includes.

MAY_INCLUDE = {
    "base": {"base"},
    "model": {"model", "base"},
    "net": {"net", "base"},
    "storage": {"storage", "model", "base"},
    "service": {"service", "storage", "model", "base"},
    "api": {"api", "service", "net", "model", "base"},
    "app": None,  # everything
}
LIKE_STORAGE = {"storage", "model", "base"}
DIALECTS = {"sqlite", "postgres"}  # drivers of storage/sql
ORDERS_EVENTS = {"nodes"}  # over the bus, presence and rates of one process
CALLS_OUT = {"s3", "jwks", "push"}  # reach their service through net/http/client.hpp

# What a test may use besides: the real parts below it, so that nothing needs a mock.
TESTS_MAY_INCLUDE = {
    "storage": {"storage/"},
    "service": {"storage/"},
    "api": {"storage", "storage/", "app"},
}


def layer_of(path):
    """`net`, `storage` (its interfaces) or `storage/sqlite` (a kind); None outside the layers."""
    parts = path.split("/")
    if parts[0] not in MAY_INCLUDE or len(parts) < 2:
        return None
    if parts[0] == "storage" and len(parts) > 2 and parts[1] not in ("contract", "testing"):
        return "storage/" + parts[1]
    return parts[0]


def allowed(layer, target, include, test):
    if layer == target or MAY_INCLUDE.get(layer, ()) is None:
        return True
    if layer.startswith("storage/"):
        kind = layer.split("/")[1]
        if target in LIKE_STORAGE or (kind in DIALECTS and target == "storage/sql"):
            return True
        if kind in ORDERS_EVENTS and target == "storage/memory":
            return True
        if kind in CALLS_OUT and include == "net/http/client.hpp":
            return True
    elif target in MAY_INCLUDE[layer]:
        return True
    if not test:
        return False
    more = TESTS_MAY_INCLUDE.get(layer.split("/")[0], ())
    return target in more or (target.startswith("storage/") and "storage/" in more)


def check_layers(path, text):
    if not path.startswith("server/"):
        return
    inside = path[len("server/"):]
    layer = layer_of(inside)
    if layer is None:
        return
    for line, name, quoted in includes_of(text):
        if not quoted:
            continue
        target = layer_of(name)
        if target is None:
            yield Finding(path, line, "layers",
                          f'write the path from server/ instead of "{name}" (or <> if it isn\'t ours)')
        elif not allowed(layer, target, name, is_test(path)):
            yield Finding(path, line, "layers",
                          f"{layer} may not include {target}: see the table in STYLE.md, move the code or turn "
                          f"the dependency round")


# Libraries that only some folders may see: pattern, folders that may, advice.
LIBRARIES = [
    (r"boost/json", ("server/base/boost_src.cpp", "server/base/json", "server/api/", "server/app/"),
     "only api/wire knows JSON; pass values"),
    (r"sqlite3\.h", ("server/storage/sqlite/",), "only storage/sqlite speaks to SQLite"),
    (r"postgresql/", ("server/storage/postgres/",), "only storage/postgres speaks to PostgreSQL"),
    (r"hiredis/", ("server/storage/redis/",), "only storage/redis speaks to Redis"),
    (r"boost/beast", ("server/base/boost_src.cpp", "server/net/http/"), "only net/http uses Beast"),
]
JSON_FREE = ("server/model/", "server/net/", "server/storage/", "server/service/permissions", "server/service/account_permissions")


def check_libraries(path, text):
    for line, name, quoted in includes_of(text):
        if quoted:
            continue
        if name in ("boost/asio.hpp", "boost/beast.hpp"):
            yield Finding(path, line, "narrow-includes", f"include the specific header instead of <{name}>")
        if not path.startswith("server/") or is_test(path):
            continue
        for pattern, folders, advice in LIBRARIES:
            if not re.match(pattern, name) or path.startswith(folders):
                continue
            if pattern == "boost/json" and not path.startswith(JSON_FREE):
                continue
            yield Finding(path, line, "libraries", f"<{name}> here: {advice}")


# ---------------------------------------------------------------------------------------------------------
# Where Asio may not be seen, not even through our own headers.

NO_ASIO = re.compile(
    r"server/(model/|api/wire/|service/(account_)?permissions\.|net/websocket/(frame|deflate|handshake)\."
    r"|net/http/(parser|serializer|request|response)\.)")
# Headers of the rules and of the interfaces see Asio only as base/task.hpp shows it.
TASK_ONLY = re.compile(r"server/(service/[^/]+|storage/[^/]+)\.hpp$")


def asio_way(path, read, seen=None):
    """The chain of our files from `path` to one that includes Asio, or None. `read(path)` gives a text."""
    seen = seen if seen is not None else set()
    seen.add(path)
    text = read(path)
    if text is None:
        return None
    for line, name, quoted in includes_of(text):
        if not quoted and name.startswith("boost/asio"):
            return [(line, f"<{name}>")]
    for line, name, quoted in includes_of(text):
        ours = "server/" + name
        if quoted and ours not in seen:
            way = asio_way(ours, read, seen)
            if way:
                return [(line, name)] + way
    return None


def check_no_asio(path, text, read):
    if is_test(path):
        return
    if NO_ASIO.match(path):
        way = asio_way(path, read)
        if way:
            chain = " -> ".join(name for _, name in way)
            yield Finding(path, way[0][0], "no-asio", f"this file must stay free of I/O, but sees Asio: {chain}")
    elif TASK_ONLY.match(path):
        for line, name, quoted in includes_of(text):
            if not quoted and name.startswith("boost/asio"):
                yield Finding(path, line, "no-asio", "headers of service/ and the interfaces of storage/ see Asio "
                                                     "only through base/task.hpp")


# ---------------------------------------------------------------------------------------------------------
# Rule C1: g++ 12 frees some temporaries twice inside an expression with co_await.

TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.']*|\[\[|->|::|&&|\|\||[^\s\w]")
CLOSING = {"(": ")", "[": "]", "{": "}", "[[": "]]"}
Token = namedtuple("Token", "text position")


class Group:
    """What stands between two brackets. `block`: statements; else a list of values."""

    def __init__(self, opening, position, before):
        self.opening = opening
        self.position = position
        self.before = before  # the token in front of it, "" at the start
        self.nodes = []
        self.block = False
        self.control = opening == "(" and before in ("if", "while", "for", "switch", "constexpr")


def parse(code):
    """The bracket tree of `code`."""
    top = Group("{", 0, "")
    top.block = True
    stack = [top]
    before = ""
    position = 0
    # Directives are no statements; their continuation lines belong to them.
    code = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: blank(m.group()), code, flags=re.M)
    while True:
        match = TOKEN.search(code, position)
        if match is None:
            break
        text, position = match.group(), match.end()
        if text in CLOSING:
            group = Group(text, match.start(), before)
            stack[-1].nodes.append(group)
            stack.append(group)
        elif text in (")", "]", "}") and len(stack) > 1:
            group = stack.pop()
            if group.opening == "[[" and code[position:position + 1] == "]":
                position += 1
            if group.opening == "{":
                group.block = is_block(group)
            before = text
            continue
        else:
            stack[-1].nodes.append(Token(text, match.start()))
        before = text
    return top


def is_block(group):
    """A brace holds statements if it ends one of its own, or holds another block and nothing that lists."""
    for node in group.nodes:
        if isinstance(node, Token) and node.text == ";":
            return True
        if isinstance(node, Group) and node.block and node.before in (")", "else", "try", "do"):
            return True
    return not group.nodes and group.before in (")", "else", "try", "do", "const", "noexcept", "override")


def statements(group):
    """The statements of a block or of a control's parentheses, each a list of nodes."""
    current = []
    for node in group.nodes:
        if isinstance(node, Token) and node.text == ";":
            yield current
            current = []
        elif isinstance(node, Group) and node.block:
            yield current
            current = []
        elif isinstance(node, Group) and node.control:
            continue
        else:
            current.append(node)
    yield current


def scopes(group):
    """Every group whose direct content is statements, itself included."""
    if group.block or group.control:
        yield group
    for node in group.nodes:
        if isinstance(node, Group):
            yield from scopes(node)


def expression_nodes(nodes):
    """All nodes of an expression, at any depth, but not the bodies of its lambdas."""
    for node in nodes:
        yield node
        if isinstance(node, Group) and not node.block:
            yield from expression_nodes(node.nodes)


def is_capturing_lambda(group):
    if group.opening != "[" or not group.nodes:
        return False
    # After a name, a call or an index it is a subscript.
    return not re.fullmatch(r"[A-Za-z_]\w*|[)\]}]|\"", group.before) or group.before in ("return", "co_return",
                                                                                      "co_await")


def tests_what_it_awaits(condition):
    """`co_await …` in a condition, unless that declares a variable with it."""
    tokens = [n.text if isinstance(n, Token) else n.opening for n in condition]
    for at, token in enumerate(tokens):
        if token == "=" and tokens[at + 1:at + 2] != ["="] and tokens[at - 1] not in ("=", "!", "<", ">"):
            return False
    return any(isinstance(n, Token) and n.text == "co_await" for n in expression_nodes(condition))


def check_c1(path, text):
    code = strip(text)
    if "co_await" not in code:
        return
    for scope in scopes(parse(code)):
        if scope.control and scope.before in ("if", "while") and tests_what_it_awaits(list(statements(scope))[-1]):
            yield Finding(path, line_of(code, scope.position), "C1",
                          "name what co_await gives in a statement of its own, then test it (g++ 12 makes traps of "
                          "some such coroutines)")
        for statement in statements(scope):
            nodes = list(expression_nodes(statement))
            if not any(isinstance(n, Token) and n.text == "co_await" for n in nodes):
                continue
            for node in nodes:
                if isinstance(node, Token):
                    found = "the result of `?:`" if node.text == "?" else None
                elif is_capturing_lambda(node):
                    found = "the lambda that captures"
                else:
                    found = "the braced value" if node.opening == "{" and not node.block else None
                if found:
                    yield Finding(path, line_of(code, node.position), "C1",
                                  f"name {found} in a statement of its own, then std::move it into the one with "
                                  f"co_await (g++ 12 frees it twice)")


# ---------------------------------------------------------------------------------------------------------
# Banned words and calls.

CHAT_WORDS = {"chat", "workspace", "mention", "reaction", "typing"}
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def check_chat_words(path, text):
    if not path.startswith("server/net/"):
        return
    for match in IDENTIFIER.finditer(strip(text)):
        for word in WORD.findall(match.group()):
            if word.lower().rstrip("s") in CHAT_WORDS:
                yield Finding(path, line_of(text, match.start()), "chat-words",
                              f"`{match.group()}`: the engine does not know that it serves a chat")


# (pattern over code without comments and literals, where it is allowed, what to do instead)
PARALLEL = ("server/base/budget", "server/base/metrics", "server/base/offload", "server/base/log",
            "server/net/shard", "server/storage/sqlite/", "bench/")
BANNED = [
    (r"\bdetached\b", ("server/base/task_group",), "spawn it in a TaskGroup, which waits for its end"),
    (r"\bstd::j?thread\b(?!::)", ("server/net/shard", "server/base/offload", "server/storage/sqlite/", "bench/"),
     "no threads of your own: post to a shard, or use base/offload"),
    (r"\bstd::(?:\w*mutex|atomic\w*|condition_variable\w*|lock_guard|unique_lock|scoped_lock|shared_lock)\b",
     PARALLEL, "a shard owns its data: post to the shard instead of locking"),
    (r"(?<!operator )\bnew\b", (), "std::make_unique, or a value"),
    (r"(?<!= )(?<!=)(?<!operator )\bdelete\b", (), "let an owner do it (std::unique_ptr, a value)"),
    (r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\b", ("bench/",), "wait for what you wait for, not for time"),
    (r"\bstd::(?:cout|cerr|clog)\b|(?<![\w:.])f?printf\s*\(",
     ("server/base/check", "server/base/log", "server/app/", "bench/", "tests/"), "write to base/log"),
    (r"\bstd::regex\b", (), "write the few lines of parsing: std::regex is slow and recursive"),
    (r"\b(?:GTEST_SKIP|DISABLED_\w+)\b", (), "a test runs or is removed"),
    (r"\b(?:class|struct)\s+\w*(?:Manager|Helper|Utils?|Impl|Processor|Wrapper|Context)\b(?!\s*;)", (),
     "name it for what it is"),
]
# Tests may spawn, lock and wait as they like on top of the product's own parts, but never sleep.
TESTS_MAY = ("detached", "thread", "mutex", "printf")
# The rules run on injected time and chance, so that they can be replayed.
INJECTED = (r"\b(?:system_clock|steady_clock|high_resolution_clock)::now\b|\brandom_device\b",
            "use the injected Clock or Random")


def check_banned(path, text):
    code = strip(text)
    for pattern, places, advice in BANNED:
        if path.startswith(places) or (is_test(path) and any(word in pattern for word in TESTS_MAY)):
            continue
        for match in re.finditer(pattern, code):
            yield Finding(path, line_of(code, match.start()), "banned", f"`{match.group().strip()}`: {advice}")
    if path.startswith(("server/service/", "server/model/")) and not is_test(path):
        for match in re.finditer(INJECTED[0], code):
            yield Finding(path, line_of(code, match.start()), "banned", f"`{match.group()}`: {INJECTED[1]}")
    if path.endswith(".hpp"):
        for match in re.finditer(r"^\s*using\s+namespace\b", code, re.M):
            yield Finding(path, line_of(code, match.end()), "banned", "no `using namespace` in a header")


def check_comments(path, text):
    for position, comment in comments_of(text):
        line = line_of(text, position)
        if re.search(r"\bTODO\b(?!\(#\d+\))", comment):
            yield Finding(path, line, "comments", "TODO names its issue: TODO(#12)")
        if re.search(r"\b(?:FIXME|XXX|HACK)\b", comment):
            yield Finding(path, line, "comments", "finish it or open an issue")
        if re.search(r"\bNOLINT(?:NEXTLINE|BEGIN)?\b(?!\()", comment):
            yield Finding(path, line, "comments", "NOLINT names the check that it silences")


# What belongs to somebody's machine or workplace and not into the project.
WORKPLACE = [
    (re.compile(r"(?<![\w.])/(?:work|home/\w+|Users/\w+)/"), "a path of one machine"),
    (re.compile(r"\b(?:deb|security)\.debian\.org\b|\bregistry\.[\w-]+\.org\b|\bproxy\.golang\.org\b"),
     "a registry's host: the reader's own configuration knows it"),
    (re.compile(r"\b(?:language model|coding agent|sub-?agent|co-authored-by)\b", re.I), "how it was written"),
]
TEXT_ENDINGS = (".cpp", ".hpp", ".c", ".h", ".md", ".py", ".sh", ".mjs", ".js", ".ts", ".tsx", ".json", ".yaml",
                ".yml", ".sql", ".cmake", ".txt", ".toml", ".html", ".css")


def check_workplace(path, text):
    if path in ("tools/tidy.py", "tools/tidy_test.py") or path == "LICENSE":
        return
    for pattern, what in WORKPLACE:
        for match in pattern.finditer(text):
            yield Finding(path, line_of(text, match.start()), "workplace", f"`{match.group()}`: {what}, leave it out")


# ---------------------------------------------------------------------------------------------------------
# The shape of files.

LIMITS = {".cpp": 500, ".hpp": 250}


def size_limit(path):
    limit = LIMITS.get(os.path.splitext(path)[1])
    return limit * 2 if limit and is_test(path) else limit


def check_size(path, text, exceptions):
    limit = size_limit(path)
    if limit is None:
        return
    lines = text.count("\n")
    granted = exceptions.get(path)
    if granted is not None:
        if lines <= limit:
            yield Finding(EXCEPTIONS, 1, "size", f"{path} is within {limit} lines again: remove its line")
        elif lines < granted:
            yield Finding(EXCEPTIONS, 1, "size", f"{path} has shrunk: lower its line to {lines}")
        limit = granted
    if lines > limit:
        yield Finding(path, lines, "size", f"{lines} lines, at most {limit}: pull out what is pure or has its own "
                                           f"lifetime")


def check_head(path, text, read):
    lines = text.split("\n")
    if path.endswith(".hpp") and "#pragma once" not in lines[:12]:
        yield Finding(path, 1, "head", "a header starts with #pragma once (and the comment on what it is)")
    header = path[:-4] + ".hpp"
    if path.endswith(".cpp") and read(header) is not None:
        return  # its header says what it is
    first = next((line for line in lines if line.strip() and line.strip() != "#pragma once"), "")
    if not first.startswith("//"):
        yield Finding(path, 1, "head", "start with a comment of one to four lines: what this file is")


def unseparated(text):
    """Where a definition follows another without an empty line."""
    return [match.end() for match in re.finditer(r"^\};?\n(?=[^\n}#])", strip(text), re.M)]


def check_separation(path, text):
    for position in unseparated(text):
        yield Finding(path, line_of(text, position), "separation",
                      "an empty line after the definition above (tools/tidy.py --fix writes it)")


def separated(text):
    for position in reversed(unseparated(text)):
        text = text[:position] + "\n" + text[position:]
    return text


def check_document(path, text):
    if not path.endswith(".md"):
        return
    prose = re.sub(r"^(```|~~~).*?^\1", lambda m: blank(m.group()), text, flags=re.S | re.M)
    titles = re.findall(r"^# .+", prose, re.M)
    if len(titles) != 1:
        yield Finding(path, 1, "document", f"one title (`# ...`) per document, not {len(titles)}")


def check_dead_headers(texts):
    """Headers that nobody includes."""
    included = set()
    for path, text in texts.items():
        if is_cpp(path):
            for _, name, quoted in includes_of(text):
                if quoted:
                    included.add(name)
                    included.add(os.path.basename(name))
    for path in texts:
        if path.startswith("server/") and path.endswith(".hpp") and path[len("server/"):] not in included:
            yield Finding(path, 1, "dead", "no file includes this header: remove it")


# ---------------------------------------------------------------------------------------------------------


def check_file(path, text, read, exceptions):
    """All findings in one file. `path` is relative to the checkout."""
    yield from check_workplace(path, text)
    yield from check_document(path, text)
    if not is_cpp(path):
        return
    yield from check_layers(path, text)
    yield from check_libraries(path, text)
    yield from check_no_asio(path, text, read)
    yield from check_c1(path, text)
    yield from check_chat_words(path, text)
    yield from check_banned(path, text)
    yield from check_comments(path, text)
    yield from check_size(path, text, exceptions)
    yield from check_head(path, text, read)
    yield from check_separation(path, text)


def read_exceptions(text):
    """`path lines` for each file that may be longer than the limit."""
    rows = (line.split("#")[0].split() for line in text.split("\n"))
    return {row[0]: int(row[1]) for row in rows if len(row) == 2}


def tracked_files():
    listing = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT,
                             check=True, capture_output=True, text=True).stdout
    return sorted(set(filter(None, listing.split("\0"))))


def is_text(path):
    folder, name = os.path.split(path)
    return name.endswith(TEXT_ENDINGS) or "." not in name or folder in ("script", ".ci")


def main(arguments):
    texts = {}

    def read(path):
        if path not in texts:
            try:
                with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                    texts[path] = file.read()
            except (OSError, UnicodeDecodeError):
                texts[path] = None
        return texts[path]

    known = [path for path in tracked_files() if is_text(path) and "/corpus/" not in path]
    fix = "--fix" in arguments
    arguments = [argument for argument in arguments if argument != "--fix"]
    wanted = [os.path.relpath(os.path.abspath(path), ROOT) for path in arguments] or known
    exceptions = read_exceptions(read(EXCEPTIONS) or "")
    findings = []
    for path in wanted:
        text = read(path)
        if fix and text is not None and is_cpp(path) and unseparated(text):
            text = texts[path] = separated(text)
            with open(os.path.join(ROOT, path), "w", encoding="utf-8") as file:
                file.write(text)
        if text is not None:
            findings += check_file(path, text, read, exceptions)
    if not arguments:
        findings += check_dead_headers({path: read(path) for path in known if read(path) is not None})
        findings += [Finding(EXCEPTIONS, 1, "size", f"{path} is gone: remove its line")
                     for path in exceptions if path not in known]
    for finding in sorted(findings):
        print(f"{finding.path}:{finding.line}: {finding.rule}: {finding.advice}")
    print(f"tidy: {len(wanted)} files, {len(findings)} findings", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
