#!/usr/bin/python3
"""What tools/api_doc.py makes of a contract, shown on one that has each thing once."""
import os
import tempfile
import unittest

import api_doc

OPENAPI = """
openapi: 3.1.0
info: {title: t, version: '1', description: 'About | it.'}
security: [{bearer: []}]
tags: [{name: things}]
paths:
  /api/things/{thingId}:
    parameters:
      - {$ref: '#/components/parameters/thingId'}
    put:
      x-scope: change
      tags: [things]
      summary: Change a thing
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Change'}}}
      responses:
        '200':
          description: As it is now.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '409':
          description: '`conflict`: it is gone. `busy`: later.'
          content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}
    delete:
      tags: [things]
      summary: End it
      responses: {'204': {description: Gone.}}
  /open:
    get: {summary: See, security: [], responses: {'204': {description: Nothing.}}}
components:
  x-error-codes: {conflict: Not now.}
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  parameters:
    thingId: {name: thingId, in: path, required: true, schema: {$ref: '#/components/schemas/Id'}}
  schemas:
    Id: {type: string, format: uuid}
    Change:
      allOf:
        - {type: object, required: [name], properties: {name: {type: string, maxLength: 9}}}
        - {required: [size], properties: {size: {type: integer, minimum: 0}, note: {type: string}}}
    Thing:
      description: A thing.
      type: object
      required: [id, kind, inner, gone]
      properties:
        id: {$ref: '#/components/schemas/Id'}
        kind: {enum: [big, small]}
        inner: {oneOf: [{type: 'null'}, {type: object, required: [deep], properties: {deep: {type: boolean}}}]}
        gone: {type: [string, 'null'], format: date-time}
    ErrorCode: {description: All codes., enum: [conflict, busy]}
    Problem: {type: object, required: [code], properties: {code: {$ref: '#/components/schemas/ErrorCode'}}}
"""
ASYNCAPI = """
info: {description: About the socket.}
channels:
  socket:
    messages:
      thing:get: {$ref: '#/components/messages/get'}
      thing:got: {$ref: '#/components/messages/got'}
      error: {$ref: '#/components/messages/error'}
operations:
  thing:get:
    action: receive
    x-scope: read
    summary: Get it.
    messages: [{$ref: '#/channels/socket/messages/thing:get'}]
    reply:
      messages: [{$ref: '#/channels/socket/messages/thing:got'}, {$ref: '#/channels/socket/messages/error'}]
  thing:new:
    action: send
    summary: There is one.
    messages: [{$ref: '#/channels/socket/messages/thing:got'}]
components:
  messages:
    get: {payload: {allOf: [{$ref: '#/components/schemas/Request'}, {properties: {type: {const: 'thing:get'}}}]}}
    got:
      payload:
        type: object
        required: [type, thing]
        properties: {type: {const: 'thing:got'}, thing: {$ref: 'openapi.yaml#/components/schemas/Thing'}}
    error: {payload: {type: object, required: [code], properties: {type: {const: error}, code: {type: string}}}}
  schemas:
    Request: {type: object, required: [type], properties: {type: {type: string}, id: {type: string}}}
"""


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("openapi.yaml", OPENAPI), ("asyncapi.yaml", ASYNCAPI)):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            pages = api_doc.pages(folder)
        cls.http, cls.socket, cls.errors = (pages[f"docs/api/{name}.md"] for name in ("http", "websocket", "errors"))

    def test_a_route_has_its_place_and_its_parameters(self):
        self.assertIn("[`PUT /api/things/{thingId}`](#put-apithingsthingid) | Change a thing |", self.http)
        self.assertIn("### PUT /api/things/{thingId}\n\nChange a thing.\n\nFor a token. A bot's token needs the scope `change`.\n", self.http)
        self.assertIn("End it.\n\nFor a token. Not for bots.\n", self.http)
        self.assertIn("| `thingId` | path | [Id](#id) | yes |  |", self.http)
        self.assertIn("### GET /open\n\nSee.\n\nFor anybody.\n", self.http)

    def test_a_body_holds_the_members_of_all_its_parts(self):
        self.assertIn("| `name` | string | yes | at most 9 long |", self.http)
        self.assertIn("| `size` | integer | yes | from 0 |", self.http)
        self.assertIn("| `note` | string |  |  |", self.http)
        self.assertIn('{"name": "general", "size": 1}', self.http)

    def test_an_object_shows_kinds_and_what_is_inside(self):
        self.assertIn("### Thing\n\nA thing.\n", self.http)
        self.assertIn("| `kind` | `big` or `small` | yes |  |", self.http)
        self.assertIn("| `inner` | null or object | yes |  |\n| `inner.deep` | boolean | yes |  |", self.http)
        self.assertIn("| `gone` | time or null | yes |  |", self.http)
        self.assertIn('"inner": null, "gone": null}', self.http)

    def test_answers_are_named_with_their_bodies(self):
        self.assertIn("| `200` | As it is now. | [Thing](#thing) |", self.http)
        self.assertIn("| `409` | `conflict`: it is gone. `busy`: later. |  |", self.http)

    def test_a_command_has_its_members_and_its_answer(self):
        self.assertIn("### thing:get\n\nGet it.\n\nA bot's token needs the scope `read`.\n", self.socket)
        self.assertIn('{"type": "thing:get", "id": "…"}', self.socket)
        self.assertIn("**Answer** `thing:got`", self.socket)
        self.assertIn("| `thing` | [Thing](http.md#thing) | yes |  |", self.socket)
        told = self.socket[self.socket.index("## What clients are told"):]
        self.assertIn("### thing:new", told)

    def test_a_code_names_the_routes_that_say_something_of_it(self):
        route = "[`PUT /api/things/{thingId}`](http.md#put-apithingsthingid)"
        self.assertIn(f"### conflict\n\nNot now.\n\n- {route}: it is gone\n", self.errors)
        self.assertIn(f"### busy\n\n- {route}: later\n", self.errors)

    def test_a_page_has_one_title_and_no_holes(self):
        for page in (self.http, self.socket, self.errors):
            self.assertEqual(page.count("\n# ") + page.startswith("# "), 1)
            self.assertNotIn("\n\n\n", page)
            self.assertTrue(page.endswith("\n") and not page.endswith("\n\n"))


if __name__ == "__main__":
    unittest.main()
