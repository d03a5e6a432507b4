#!/usr/bin/python3
"""What each rule of tools/tidy.py refuses and what it lets pass."""
import unittest

import tidy


def findings(path, text, others=None, exceptions=None):
    files = dict(others or {})
    files[path] = text
    return list(tidy.check_file(path, text, files.get, exceptions or {}))


def rules(path, text, others=None, exceptions=None):
    return [finding.rule for finding in findings(path, text, others, exceptions) if finding.rule != "head"]


def c1(statement):
    return rules("server/api/x.cpp", "Task<> f() {\n" + statement + "\n}\n")


class Layers(unittest.TestCase):
    def included(self, path, name):
        return rules(path, f'#include "{name}"\n')

    def test_downward_includes_pass(self):
        for path, name in [
            ("server/net/shard.cpp", "base/task.hpp"),
            ("server/service/messages.cpp", "storage/message_store.hpp"),
            ("server/api/ws/hub.cpp", "net/websocket/session.hpp"),
            ("server/app/application.cpp", "storage/sqlite/database.hpp"),
            ("server/storage/sqlite/driver.cpp", "storage/sql/connection.hpp"),
            ("server/storage/sqlite/driver.cpp", "storage/event_bus.hpp"),
            ("server/storage/s3/object_store.cpp", "net/http/client.hpp"),
            ("server/storage/storage.hpp", "storage/message_store.hpp"),
        ]:
            self.assertEqual(self.included(path, name), [], (path, name))

    def test_upward_and_sideways_includes_fail(self):
        for path, name in [
            ("server/base/log.cpp", "model/id.hpp"),
            ("server/net/shard.cpp", "model/id.hpp"),
            ("server/model/user.hpp", "storage/storage.hpp"),
            ("server/storage/message_store.hpp", "storage/sqlite/database.hpp"),
            ("server/storage/sql/user_store.cpp", "storage/sqlite/database.hpp"),
            ("server/storage/memory/cache.cpp", "storage/sql/connection.hpp"),
            ("server/storage/sqlite/driver.cpp", "net/shard.hpp"),
            ("server/service/messages.cpp", "storage/sql/message_store.hpp"),
            ("server/service/messages.cpp", "net/http/request.hpp"),
            ("server/api/ws/hub.cpp", "storage/event_bus.hpp"),
            ("server/api/ws/hub.cpp", "app/config.hpp"),
        ]:
            self.assertEqual(self.included(path, name), ["layers"], (path, name))

    def test_a_test_of_the_rules_may_use_the_real_stores_below_them(self):
        self.assertEqual(self.included("server/service/messages_test.cpp", "storage/sqlite/database.hpp"), [])
        self.assertEqual(self.included("server/net/shard_test.cpp", "model/id.hpp"), ["layers"])

    def test_an_include_without_its_folder_fails(self):
        self.assertEqual(self.included("server/net/shard.cpp", "shard.hpp"), ["layers"])

    def test_an_include_in_a_comment_is_none(self):
        self.assertEqual(rules("server/net/a.cpp", '// #include "api/x.hpp"\n'), [])

    def test_the_umbrella_headers_fail(self):
        self.assertEqual(rules("bench/a.cpp", "#include <boost/asio.hpp>\n"), ["narrow-includes"])
        self.assertEqual(rules("server/net/a.cpp", "#include <boost/asio/post.hpp>\n"), [])

    def test_json_and_sqlite_stay_in_their_folders(self):
        self.assertEqual(rules("server/net/a.cpp", "#include <boost/json/parse.hpp>\n"), ["libraries"])
        self.assertEqual(rules("server/api/wire/a.cpp", "#include <boost/json/parse.hpp>\n"), [])
        self.assertEqual(rules("server/service/a.cpp", "#include <sqlite3.h>\n"), ["libraries"])


class NoAsio(unittest.TestCase):
    task = {"server/base/task.hpp": "#include <boost/asio/awaitable.hpp>\n"}

    def test_pure_files_must_not_see_asio(self):
        for path in ("server/model/id.hpp", "server/api/wire/events.cpp", "server/service/permissions.hpp",
                     "server/net/websocket/frame.cpp", "server/net/http/parser.hpp"):
            text = "#pragma once\n#include <boost/asio/post.hpp>\n"
            self.assertEqual(rules(path, text), ["no-asio"], path)
            self.assertEqual(rules(path, '#pragma once\n#include "base/task.hpp"\n', self.task), ["no-asio"], path)

    def test_not_even_through_another_header(self):
        others = dict(self.task)
        others["server/base/offload.hpp"] = '#include "base/task.hpp"\n'
        found = findings("server/model/a.hpp", '// A.\n#pragma once\n#include "base/offload.hpp"\n', others)
        self.assertEqual([(f.rule, f.line) for f in found], [("no-asio", 3)])
        self.assertIn("base/offload.hpp -> base/task.hpp -> <boost/asio/awaitable.hpp>", found[0].advice)

    def test_files_with_io_may(self):
        self.assertEqual(rules("server/net/websocket/session.cpp", '#include "base/task.hpp"\n', self.task), [])

    def test_headers_of_the_rules_see_only_task(self):
        self.assertEqual(rules("server/service/messages.hpp", '#pragma once\n#include "base/task.hpp"\n',
                               self.task), [])
        self.assertEqual(rules("server/service/messages.hpp", "#pragma once\n#include <boost/asio/post.hpp>\n"),
                         ["no-asio"])


class RuleC1(unittest.TestCase):
    def test_what_g_plus_plus_frees_twice_fails(self):
        for statement in [
            "co_await f(Args{.a = text});",
            "co_await f(Args{text});",
            "auto x = co_await f({a, b});",
            "co_await f({});",
            "co_await f(a, {});",
            "co_await f([text] { g(text); });",
            "co_await f([&] { return 1; });",
            "co_await co_spawn(ex, [s = std::move(s)]() -> Task<> { co_return; }, use_task);",
            "auto x = cond ? co_await a() : b;",
            "auto x = co_await a(cond ? b : c);",
            "if (auto x = co_await f(Args{a}); x) g();",
            "if (co_await f()) g();",
            "if (!co_await f()) { g(); }",
            "if (a && co_await f() == b) g();",
            "if (a; co_await f()) g();",
            "while (co_await f()) { g(); }",
            "co_return co_await f(Args{a});",
            "for (int i = 0; i < 3; ++i) co_await f(Args{i});",
            "Pair pair{co_await a(), co_await b()};",
            "switch (x) { case 1: co_await f(Args{a}); break; }",
            "auto x = co_await f(std::vector<int>{1, 2});",
        ]:
            self.assertEqual(c1(statement), ["C1"], statement)

    def test_what_is_named_first_passes(self):
        for statement in [
            "SendMessage command{.thread = thread, .content = std::move(content)};\nauto sent = co_await "
            "messages.send(caller, std::move(command));",
            "co_return Aggregate{a, b};",
            "co_return cond ? a : b;",
            "auto work = [text] { return g(text); };\nauto x = co_await offload.run(std::move(work));",
            "auto task = f(Args{a});\nco_await std::move(task);",
            "co_await f(values[index], other.list[0]);",
            "co_await f(std::string(x), std::make_unique<int>(1));",
            "co_await f([](int a) { return Args{a}; });",
            "if (a) {\n  Args args{1};\n  co_await f(args);\n} else {\n  co_await g();\n}",
            "const bool found = co_await f();\nif (found) x = Args{a};",
            "if (auto x = co_await f(); x) y = Args{a};",
            "if (const auto x = co_await f()) g(x);",
            "for (auto& part : std::vector<int>{1, 2}) co_await f(part);",
            "auto loop = [this](Args args) -> Task<> { Args b{args}; co_await f(b); };",
            "[[maybe_unused]] auto x = co_await f();",
            'co_await f("what? {a}", \'?\');  // really {} ?',
            "try {\n  co_await f();\n} catch (const E& e) { g(E{e}); }",
            "const auto n = 10'000;\nco_await f(n);\nconst auto m = a ? 1'0 : 2;",
        ]:
            self.assertEqual(c1(statement), [], statement)

    def test_a_finding_names_its_line(self):
        found = findings("server/api/x.cpp", "// A.\nTask<> f() {\n    co_await g(\n        Args{1});\n}\n")
        self.assertEqual([f.line for f in found], [4])

    def test_statements_after_a_directive_and_in_classes_are_seen(self):
        self.assertEqual(c1("#if 1\nco_await f({a});\n#endif"), ["C1"])
        self.assertEqual(rules("server/api/x.cpp", "struct A {\n  Task<> f() { co_await g({1}); }\n};\n"), ["C1"])


class Words(unittest.TestCase):
    def test_chat_words_are_banned_in_the_engine_only(self):
        for text in ("int workspace_id;\n", "void onTyping();\n", "struct Mentions;\n"):
            self.assertEqual(rules("server/net/a.cpp", text), ["chat-words"], text)
            self.assertEqual(rules("server/api/a.cpp", text), [], text)
        self.assertEqual(rules("server/net/a.cpp", "int thread, message, event, chatter;  // typing\n"), [])

    def test_banned_calls(self):
        for text in ("co_spawn(e, f(), asio::detached);\n", "std::thread worker(f);\n", "std::mutex lock;\n",
                     "std::atomic<int> x;\n", "auto* x = new int;\n", "delete x;\n",
                     "std::this_thread::sleep_for(1s);\n", "class UserManager {\n};\n", "std::cout << 1;\n",
                     "TEST(A, DISABLED_b);\n"):
            self.assertEqual(rules("server/api/a.cpp", text), ["banned"], text)

    def test_what_looks_like_them_passes(self):
        for text in ("A(const A&) = delete;\n", "int newest, deleted; // new thing\n", 'send("message:new");\n',
                     "std::this_thread::get_id();\n", "struct Thread { int x; };\n", "int threads_max;\n",
                     "std::snprintf(a, b, c);\n"):
            self.assertEqual(rules("server/api/a.cpp", text), [], text)

    def test_the_places_that_may(self):
        self.assertEqual(rules("server/net/shard.cpp", "std::thread t; std::atomic<int> x;\n"), [])
        self.assertEqual(rules("server/storage/sqlite/writer.cpp", "std::mutex m;\n"), [])
        self.assertEqual(rules("server/base/task_group.cpp", "co_spawn(e, f(), asio::detached);\n"), [])
        self.assertEqual(rules("server/api/a_test.cpp", "std::thread t; std::atomic<int> x;\n"), [])
        self.assertEqual(rules("server/api/a_test.cpp", "sleep_for(1s);\n"), ["banned"])

    def test_the_rules_use_injected_time(self):
        text = "auto now = std::chrono::system_clock::now();\n"
        self.assertEqual(rules("server/service/a.cpp", text), ["banned"])
        self.assertEqual(rules("server/base/clock.cpp", text), [])

    def test_comments(self):
        self.assertEqual(rules("server/api/a.cpp", "// TODO later\n"), ["comments"])
        self.assertEqual(rules("server/api/a.cpp", "// TODO(#12): later\n"), [])
        self.assertEqual(rules("server/api/a.cpp", "int x;  // NOLINT\n"), ["comments"])

    def test_the_workplace_stays_out(self):
        self.assertEqual(rules("docs/a.md", "# A\nsee /work/main/x\n"), ["workplace"])
        self.assertEqual(rules("docs/a.md", "# A\nthe network/work/ and how it works\n"), [])


class Shape(unittest.TestCase):
    def test_sizes(self):
        self.assertEqual(rules("server/api/a.cpp", "\n" * 501), ["size"])
        self.assertEqual(rules("server/api/a.cpp", "\n" * 500), [])
        self.assertEqual(rules("server/api/a.hpp", "#pragma once" + "\n" * 251), ["size"])
        self.assertEqual(rules("server/api/a_test.cpp", "\n" * 1000), [])

    def test_exceptions_only_shrink(self):
        path, text = "server/api/a.cpp", "\n" * 600
        self.assertEqual(rules(path, text, exceptions={path: 600}), [])
        self.assertEqual(rules(path, text, exceptions={path: 599}), ["size"])
        self.assertEqual(rules(path, text, exceptions={path: 601}), ["size"])
        self.assertEqual(rules(path, "\n" * 10, exceptions={path: 10}), ["size"])

    def test_heads(self):
        def heads(path, text, others=None):
            return [f.rule for f in findings(path, text, others)]
        self.assertEqual(heads("server/api/a.hpp", "// A.\n#pragma once\n"), [])
        self.assertEqual(heads("server/api/a.hpp", "#pragma once\n// A.\n"), [])
        self.assertEqual(heads("server/api/a.hpp", "// A.\n"), ["head"])
        self.assertEqual(heads("server/api/a.hpp", "#pragma once\nint x;\n"), ["head"])
        self.assertEqual(heads("server/api/a.cpp", "int x;\n"), ["head"])
        self.assertEqual(heads("server/api/a.cpp", "int x;\n", {"server/api/a.hpp": ""}), [])

    def test_definitions_are_separated(self):
        self.assertEqual(rules("server/api/a.cpp", "void f() {\n}\nvoid g();\n"), ["separation"])
        self.assertEqual(rules("server/api/a.cpp", "struct A {\n};\n// About g.\nvoid g();\n"), ["separation"])
        self.assertEqual(rules("server/api/a.cpp", "void f() {\n}\n\nvoid g() {\n}\n}  // namespace\n"), [])

    def test_separation_is_mended_but_not_inside_literals(self):
        text = 'auto json = R"({\n}\n[])";\nvoid f() {\n}\nvoid g() {\n}\n'
        self.assertEqual(tidy.separated(text), text.replace("}\nvoid g", "}\n\nvoid g"))

    def test_documents_have_one_title(self):
        self.assertEqual(rules("docs/a.md", "# A\n```\n# no title\n```\n## B\n"), [])
        self.assertEqual(rules("docs/a.md", "# A\n# B\n"), ["document"])

    def test_a_header_that_nobody_includes_is_dead(self):
        texts = {"server/api/a.hpp": "", "server/api/b.hpp": "", "server/api/b.cpp": '#include "api/b.hpp"\n'}
        self.assertEqual([f.path for f in tidy.check_dead_headers(texts)], ["server/api/a.hpp"])


if __name__ == "__main__":
    unittest.main()
