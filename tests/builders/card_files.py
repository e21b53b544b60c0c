"""Settings files as people save them on other computers, by what is wrong with them."""

from __future__ import annotations

RIGHT = '[voice]\nlanguage = "de"\n\n[button]\ngpio = 17\n'

SAVED_ODDLY = {
    "as it should be": RIGHT.encode(),
    "Windows' ends of lines": RIGHT.replace("\n", "\r\n").encode(),
    "an old Mac's ends of lines": RIGHT.replace("\n", "\r").encode(),
    "Notepad's UTF-8 with a mark": b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode(),
    "Notepad's Unicode": RIGHT.replace("\n", "\r\n").encode("utf-16"),
    "Notepad's Unicode, big-endian": b"\xfe\xff" + RIGHT.replace("\n", "\r\n").encode("utf-16-be"),
    "curved quotes in a comment": ("# “my” settings\n" + RIGHT).encode(),
}
"""Files that are read all the same."""

WRONG = {
    "curved quotes": (
        "[voice]\nlanguage = “de”\n",
        ['line 2: “ is not a straight quotation mark; write " around a text'],
    ),
    "German quotes": (
        "[voice]\nlanguage = „de“\n",
        ['line 2: „ is not a straight quotation mark; write " around a text'],
    ),
    "no quotes": ("[voice]\n\nlanguage = de\n", ['line 3: a text needs quotation marks: write language = "de"']),
    "a colon": ('[voice]\nlanguage: "de"\n', ['line 2: an equals sign is missing: write language = "de"']),
    "a comma in a number": (
        "[voice]\nvolume = 0,5\n",
        ["line 2: Expected newline or end of document after a statement"],
    ),
    "an open section": ('[voice\nlanguage = "de"\n', ["line 1: Expected ']' at the end of a table declaration"]),
    "an open text": ('[voice]\nlanguage = "de', ["line 2: Unterminated string"]),
    "a key twice": ("[voice]\ntones = true\ntones = false\n", ["line 3: Cannot overwrite a value"]),
    "a section twice": ("[voice]\n\n[voice]\n", ["line 3: Cannot declare ('voice',) twice"]),
    "no section": (
        'language = "de"\n\n[button]\ngpio = 4\n',
        ["line 1: language = 'de': is in no section; write [voice] in a line above it"],
    ),
    "an unknown section": (
        "[sound]\nboard = 'usb'\n",
        ["line 2: sound = {'board': 'usb'}: no such setting; there are camera, pace"],
    ),
    "an unknown setting": ("[voice]\n# mine\nlangauge = 'de'\n", ["line 3: voice.langauge = 'de': no such setting"]),
    "an unknown language": (
        "[voice]\nlanguage = 'tlh'\n",
        ["line 2: voice.language = 'tlh': allowed is ar or de or en or es"],
    ),
    "a number in quotes": (
        "[button]\ngpio = '17'\n",
        ["line 2: button.gpio = '17': allowed is a whole number from -1 to 27"],
    ),
    "two wrong ones": (
        "[button]\ngpio = 99\n[voice]\nvolume = 2\n",
        ["line 2: button.gpio = 99", "line 4: voice.volume = 2"],
    ),
    "a dotted name": ("voice.volume = 2\n", ["line 1: voice.volume = 2"]),
    "tables without end": ("[" * 300, ["the tables are nested too deeply"]),
    "a word processor's text": (r"{\rtf1\ansi [voice]}", ["is a document of a word processor; save it as plain text"]),
    "a packed document": ("PK\x03\x04...", ["is a document of a word processor; save it as plain text"]),
    "zeros": ("\0\0\0\0", ["is not saved as UTF-8; save it as UTF-8"]),
}
"""For each file: its text, and how the faults begin."""
