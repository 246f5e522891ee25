"""Which codes each operation can give a field: found by following the code from its handler.

The document says for each operation what `errors[].code` can be (infra/openapi/src/field_codes.tsv, which this writes). What a
function calls is looked up by name: a path by its type or module, a method by the types that the file of its caller names.
Where a name fits several, all of them count: an operation may be said to give a code that it never gives, and the tests
of the handlers see to it that none comes which it is not said to give.

    python3 infra/openapi/field_codes.py           # writes it
    python3 infra/openapi/field_codes.py --check   # says whether it is current
"""

import collections
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("src") / "field_codes.tsv"

# What reading a body or a query can find by itself, by the way in.
READS_BODY = {"required", "unknown", "wrong_type", "repeated"}
# What the types give that nearly every operation reads: ids, names in URLs, languages, limits, addresses, texts. Many are made by
# macros and read in closures, where no name leads to them, so every operation that reads a request is said to give these.
GENERAL = {"invalid_id", "invalid_slug", "unknown_language", "out_of_range", "invalid_url", "unknown_value", "control_characters", "empty",
           "too_long", "too_short", "invalid_date", "invalid_time", "not_allowed", "invalid_cursor"} | READS_BODY
# What a path cannot say: it is one short text at each place.
NOT_IN_PATHS = {"invalid_cursor", "control_characters", "repeated", "invalid_url", "invalid_time"}
READS_FIELDS = re.compile(r"request\s*\.(?:query|json|body_fields|raw_body|has_body)|[(, ]&?request[,)]")
READS_PATH = re.compile(r"request\s*\.path")
# Where nothing is looked for further: names that the standard library has too, and that say nothing by themselves.
COMMON = set("""new map then and or ok_or ok_or_else map_err filter collect iter into_iter next find any all len get insert push
extend clone into from unwrap_or unwrap_or_default unwrap_or_else is_some is_none as_str as_ref to_owned to_string format join
split trim contains starts_with ends_with zip take skip fold sum max min cmp eq fmt default await copied cloned first last
header location version public created as_deref parse""".split())

# What reads what is stored, and what is wrong with that is no fault of a request.
QUIET = {"deserialize", "from_item", "fmt", "default", "path", "from_str"}
SILENT = re.compile(r"store\.rs$|/api/(app|serve|admission|problem|response|socket)|/platform/(dynamo|config|error|aws|objects|secrets|language)|"
                    r"/view\.rs$|/memory\.rs$|_view\.rs$|/audit/(?!search|action|log|trail)|/notices/|/webhooks/deliver")

# What many a type is made of: where one of these is named, nothing is read yet.
PLAIN = {"String", "Cow", "Vec", "Option", "Value", "i64", "u64", "u32", "str"}

ITEM = re.compile(r"(?:^|\n)[ \t]*(?:pub(?:\([a-z:_ ]+\))? )?(?:const )?(?:async )?(?:const )?fn (\w+)")
IMPL = re.compile(r"(?:^|\n)[ \t]*impl(?:<[^{]*?>)? (?:(\w+)(?:<([^{]*?)>)? for )?(?:[\w:]+::)?(\w+)[^{;]*\{")
FIELD_CODE = re.compile(r'"([a-z][a-z0-9_]*)",\s*(?:wording|said)::|'
                        r'(?:Invalid::new|refused?|wrong|add)\(\s*(?:"\w+",\s*)?"([a-z][a-z0-9_]*)",\s*(?:words|message|detail|expected|told|one|unknown|fault)\b')
ERROR_CODE = re.compile(r'Error::(?:new|conflict|invalid|refused?)\(\s*(?:\w+::\w+,\s*)?"[a-z0-9_]+"')
STRUCT = re.compile(r"struct (\w+)[^;{]*\{([^}]*)\}")


def plain(text):
    """Code without its tests and comments."""
    text = text.split("\n#[cfg(test)]\nmod ")[0].split("\n#[cfg(test)]\npub")[0]
    return re.sub(r"//[^\n]*", "", text)


def closing(text, at):
    """Where the brace that opens at `at` closes; braces inside of texts are none."""
    depth, inside = 0, False
    while at < len(text):
        char = text[at]
        if char == '"' and text[at - 1:at + 2] != "'\"'":
            inside = not inside
        elif inside and char == "\\":
            at += 1
        elif not inside and char == "{":
            depth += 1
        elif not inside and char == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return len(text)


def arguments(text, at):
    """Where the arguments end that begin behind `at`: they may have braces of their own."""
    depth, at = 0, text.find("(", at)
    for place in range(max(at, 0), len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return len(text)


def imports(text):
    """What a file imports: the path of each name."""
    found = {}
    for path in re.findall(r"(?:^|\n)\s*(?:pub )?use ([^;]+);", text):
        before, _, names = path.partition("{")
        for name in re.findall(r"\w+", names) if names else [path.split("::")[-1]]:
            found[name] = re.sub(r"\s", "", before if names else path)
    return found


class Function:
    """A function, whose type or trait's argument is known."""

    def __init__(self, file, owner, name, text, argument):
        self.file, self.owner, self.name, self.text, self.argument = file, owner, name, text, argument
        # Whether what is wrong with fields is what it can say.
        self.refuses = bool(re.search(r"FieldErrors|Invalid\b", text.partition("{")[0]))
        self.codes = {one or other for one, other in FIELD_CODE.findall(ERROR_CODE.sub("", text))}


class Code:
    """All functions, by the ways they are named."""

    def __init__(self, folder):
        self.by_type, self.by_file, self.by_name = (collections.defaultdict(list) for _ in range(3))
        self.reading, self.methods = collections.defaultdict(list), collections.defaultdict(list)
        self.members, self.gives, self.types_of = {}, {}, {}
        self.functions, self.calls, self.texts, self.imported = [], {}, {}, {}
        for path in sorted(folder):
            self.read(path.relative_to(ROOT).as_posix(), plain(path.read_text()))

    def read(self, file, text):
        """Notes what a file has."""
        self.texts[file] = text
        self.imported[file] = imports(text)
        self.types_of[file] = set(re.findall(r"\b[A-Z]\w+", text))
        for name, body in STRUCT.findall(text):
            members = re.findall(r"(\w+):\s*([^,\n]+)", body)
            self.members[name] = {member: re.findall(r"[A-Z]\w+", kind) for member, kind in members}
        spans = [(m.start(), closing(text, m.end() - 1), m.group(3), m.group(1), m.group(2)) for m in IMPL.finditer(text)]
        for found in ITEM.finditer(text):
            opening = text.find("{", arguments(text, found.end()))
            ending = text.find(";", arguments(text, found.end()))
            if opening < 0 or 0 <= ending < opening and "[" not in text[found.end():ending]:
                continue
            whole = text[found.start():closing(text, opening) + 1]
            home = next(((owner, trait, of) for start, end, owner, trait, of in spans if start < found.start() < end), None)
            owner, trait, of = home or (None, None, None)
            function = Function(file, owner, found.group(1), whole, of)
            self.functions.append(function)
            if owner:
                self.by_type[owner, function.name].append(function)
                self.methods[function.name].append(function)
                if owner == "App":
                    gives = re.search(r"->\s*([^{]*)\{", whole)
                    self.gives[function.name] = re.findall(r"[A-Z]\w+", gives.group(1)) if gives else []
                read = of.split("<")[0].split("::")[-1] if trait == "TryFrom" and of else ""
                if read and read not in PLAIN:
                    self.reading[read].append(function)
            else:
                self.by_name[function.name].append(function)
            self.by_file[file, function.name].append(function)

    def called(self, function):
        """What a function calls."""
        text, file, found = function.text.replace(f"fn {function.name}", "fn ", 1), function.file, []
        for owner, name in re.findall(r"\b([A-Z]\w*)(?:::<[^>]*>)?::(\w+)", text):
            owner = (function.owner or "") if owner == "Self" else owner
            found += self.meant(file, owner, self.by_type[owner, name])
        for module, name in re.findall(r"\b([a-z]\w*)::(\w+)\b", text):
            there = [one for one in self.by_name[name] if re.search(rf"(^|/){module}(/mod)?\.rs$|/{module}/\w+\.rs$", one.file)]
            found += there
        for name in set(re.findall(r"(?<![.:\w])([a-z]\w*)\b(?!\s*[!:=])", text)):
            here = [one for one in self.by_file[file, name] if not one.owner]
            found += here or (self.meant(file, name, self.by_name[name]) if name in self.imported[file] else [])
        for kind in set(re.findall(r"\b[A-Z]\w+", text)):
            found += self.reading[kind]
        found += self.methods_of(function)
        return found

    def meant(self, file, name, functions, strict=False):
        """Which of several of a name a file means: its own, what it imports, what is in its area; or else, if not `strict`, all."""
        path = self.imported[file].get(name, "").replace("crate::", "shared/src/").replace("shared::", "shared/src/")
        path = path.replace("::", "/").removesuffix("/" + name).strip("/")
        area = file.rsplit("/", 1)[0]
        for near in (lambda one: one.file == file, lambda one: path and one.file.startswith(path), lambda one: one.file.startswith(area)):
            chosen = [one for one in functions if near(one)]
            if chosen:
                return chosen
        return [] if strict else functions

    def methods_of(self, function):
        """What a function calls by a dot."""
        text, found, given = function.text, [], set()
        members = self.members.get(function.owner, {})
        for member, name in re.findall(r"\bself\s*\.\s*(\w+)\s*\.\s*(\w+)\(", text):
            for kind in members.get(member, []):
                found += self.by_type[kind, name]
        for name in re.findall(r"\bself\s*\.\s*(\w+)\(", text):
            found += self.by_type[function.owner, name]
        for service in re.findall(r"\bapp\s*\.\s*(\w+)\(", text):
            given.update(self.gives.get(service, []))
        given.update(re.findall(r"\b[A-Z]\w+", text))
        # Of what is read from a body: the types of its fields have checks of their own.
        for kind in list(given):
            given.update(one for kinds in self.members.get(kind, {}).values() for one in kinds)
        for receiver, name in set(re.findall(r"(\w*)\??\s*\.\s*(\w+)(?:::<[^>]*>)?\(", text)):
            if name in COMMON:
                continue
            owners = {one.owner for one in self.methods[name]}
            named = "".join(part.title() for part in receiver.split("_"))
            if named in owners:
                found += self.meant(function.file, named, self.by_type[named, name])
                continue
            area = function.file.rsplit("/", 1)[0]
            found += [one for one in self.methods[name] if one.refuses and one.owner not in given and one.file.startswith(area)]
            for owner in owners & given:
                found += self.meant(function.file, owner, self.by_type[owner, name])
            for owner in (owners & self.types_of[function.file]) - given:
                found += self.meant(function.file, owner, self.by_type[owner, name], strict=True)
        return found

    def codes(self, start):
        """The codes that can come of a function."""
        seen, waiting, codes = set(), list(start), set()
        while waiting:
            function = waiting.pop()
            if id(function) in seen or function.name in QUIET or SILENT.search(function.file):
                continue
            seen.add(id(function))
            codes |= function.codes
            if id(function) not in self.calls:
                self.calls[id(function)] = self.called(function)
            waiting += self.calls[id(function)]
        return codes


def read_by(text):
    """What the types give that a handler reads."""
    if READS_FIELDS.search(text):
        return GENERAL
    # Each of them can be asked for a version of the API that is not served.
    return GENERAL - NOT_IN_PATHS if READS_PATH.search(text) else {"unknown_value"}


def table():
    """The table as text."""
    paths = [path for folder in ("shared/src", "functions") for path in (ROOT / folder).rglob("*.rs")]
    code = Code(path for path in paths if path.name != "tests.rs" and not {"tests", "wording"} & set(path.parts))
    handlers = [one for one in code.functions if one.name == "handle" and "utoipa::path" in code.texts[one.file]]
    lines = {}
    for handler in handlers:
        _, area, operation, *_ = handler.file.split("/")
        lines[f"{area}-{operation}"] = " ".join(sorted(code.codes([handler]) | read_by(code.texts[handler.file])))
    return "".join(f"{name}\t{codes}\n" for name, codes in sorted(lines.items()))


def main():
    """Writes the table, or says whether it is current."""
    text = table()
    if sys.argv[1:] == ["--check"]:
        current = TABLE.exists() and TABLE.read_text() == text
        print("" if current else f"{TABLE.relative_to(ROOT)} is not current: python3 infra/openapi/field_codes.py", end="")
        sys.exit(0 if current else 1)
    TABLE.write_text(text)


if __name__ == "__main__":
    main()
