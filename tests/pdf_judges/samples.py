"""PDFs, plain and hostile, made by hand and by three libraries: what each is called, its bytes and how many pages the
rebuilt document must have, or why it must be refused."""

import io
import zlib

import pymupdf as fitz
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

SCRIPT = "app.alert('run')"
WORDS = "Amoxicillin 500 mg"


def script():
    return Dictionary(S=Name.JavaScript, JS=String(SCRIPT))


def plain(pages=1):
    """Pages with words, a picture, an embedded font and a gradient."""
    document = fitz.open()
    picture = fitz.Pixmap(fitz.csRGB, fitz.IRect(0, 0, 8, 8), 0)
    picture.clear_with(120)
    for number in range(pages):
        page = document.new_page(width=300, height=400)
        page.insert_text((50, 100), f"{WORDS} page {number + 1}")
        page.insert_font(fontname="F0", fontbuffer=fitz.Font("helv").buffer)
        page.insert_text((50, 130), "Ćwiczenie: 1 × 2, ½", fontname="F0")
        page.insert_image(fitz.Rect(50, 200, 90, 240), pixmap=picture)
        page.draw_circle((150, 300), 20, color=(1, 0, 0), fill=(0, 0, 1), fill_opacity=0.5)
    return document.tobytes(deflate=True)


def changed(change, pages=1, **save):
    document = pikepdf.open(io.BytesIO(plain(pages)))
    change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def annotated(**annotation):
    def change(document):
        entries = {"/Type": Name.Annot, "/Rect": Array([10, 10, 60, 40])}
        entries.update({f"/{key}": value(document) if callable(value) else value for key, value in annotation.items()})
        document.pages[0].Annots = Array([document.make_indirect(Dictionary(entries))])

    return changed(change)


def root(**entries):
    def change(document):
        for key, value in entries.items():
            document.Root[f"/{key}"] = value(document) if callable(value) else value

    return changed(change)


def attachment(document):
    file = Stream(document, b"MZ evil")
    return Dictionary(Type=Name.Filespec, F=String("evil.exe"), EF=Dictionary(F=file))


def of_page(**entries):
    def change(document):
        for key, value in entries.items():
            document.pages[0].obj[f"/{key}"] = value(document) if callable(value) else value

    return changed(change)


def untyped_object_stream():
    """Scripts in an object stream that does not say that it is one; viewers open it all the same."""
    def change(document):
        document.pages[0].obj["/AA"] = Dictionary(O=script())

    packed = changed(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/Type /ObjStm" in packed
    # As long as before, so that every offset stays right.
    return packed.replace(b"/Type /ObjStm", b"/Tipe /ObjStm")


def repeated(times):
    def change(document):
        page = document.pages[0].obj
        document.Root.Pages.Kids = Array([page] * times)
        document.Root.Pages.Count = 1

    return changed(change)


def inline_pages(times):
    def change(document):
        page = Dictionary({key: value for key, value in document.pages[0].obj.items() if key not in ("/Type",)})
        document.Root.Pages.Kids = Array([page] * times)

    return changed(change)


def appearance(document):
    form = Stream(document, b"0 0 1 rg 0 0 50 30 re f")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 50, 30])
    return Dictionary(N=form)


def link(uri):
    return lambda _: Dictionary(S=Name.URI, URI=String(uri))


def hidden_layer():
    document = fitz.open("pdf", plain())
    layer = document.add_ocg("hidden", on=False)
    document[0].insert_text((50, 160), "50 mg", oc=layer)
    return document.tobytes()


def bomb():
    content = zlib.compress(b" " * (400 * 1024 * 1024), 9)

    def change(document):
        document.pages[0].obj["/Contents"] = Stream(document, content, Filter=Name.FlateDecode)

    return changed(change, compress_streams=False)


def encrypted():
    out = io.BytesIO()
    pikepdf.open(io.BytesIO(plain())).save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    return out.getvalue()


SAMPLES = {
    "plain": (plain, 1),
    "ten_pages": (lambda: plain(10), 10),
    "eleven_pages": (lambda: plain(11), "too_many_pages"),
    "object_streams": (lambda: changed(lambda _: None, object_stream_mode=pikepdf.ObjectStreamMode.generate), 1),
    "linearized": (lambda: changed(lambda _: None, pages=3, linearize=True), 3),
    "script_at_opening": (lambda: root(OpenAction=script()), 1),
    "print_at_opening": (lambda: root(OpenAction=Dictionary(S=Name.Named, N=Name.Print)), 1),
    "document_actions": (lambda: root(AA=Dictionary(WC=script())), 1),
    "page_actions": (lambda: of_page(AA=Dictionary(O=script())), 1),
    "untyped_object_stream": (untyped_object_stream, 1),
    "named_script": (lambda: root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))), 1),
    "attachment": (lambda: root(Names=lambda d: Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), attachment(d)])))), 1),
    "associated_file": (lambda: root(AF=lambda d: Array([attachment(d)])), 1),
    "attachment_on_page": (lambda: annotated(Subtype=Name.FileAttachment, FS=attachment), 1),
    "sound": (lambda: annotated(Subtype=Name.Sound, Sound=lambda d: Stream(d, b"x", R=8000)), 1),
    "movie": (lambda: annotated(Subtype=Name.Movie, Movie=Dictionary(F=String("a.avi")), A=Dictionary(Mode=Name.Once)), 1),
    "three_d": (lambda: annotated(Subtype=Name("/3D"), **{"3DD": lambda d: Stream(d, b"x", Type=Name("/3D"), Subtype=Name.U3D, OnInstantiate=Stream(d, SCRIPT.encode()))}), 1),
    "launch": (lambda: annotated(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))), 1),
    "javascript_link": (lambda: annotated(Subtype=Name.Link, A=link(f"javascript:{SCRIPT}")), 1),
    "file_link": (lambda: annotated(Subtype=Name.Link, A=link("file:///etc/passwd")), 1),
    "https_link": (lambda: annotated(Subtype=Name.Link, A=link("https://example.org/a")), 1),
    "link_and_then": (lambda: annotated(Subtype=Name.Link, A=lambda _: Dictionary(S=Name.URI, URI=String("https://example.org/a"), Next=script())), 1),
    "button": (lambda: annotated(Subtype=Name.Widget, FT=Name.Btn, T=String("b"), A=script(), AP=appearance), 1),
    "stamp": (lambda: annotated(Subtype=Name.Stamp, AP=appearance), 1),
    "words_without_a_drawing": (lambda: annotated(Subtype=Name.FreeText, Contents=String("not 500 but 50")), "active_content"),
    "running_form": (lambda: root(AcroForm=Dictionary(XFA=String("<xdp/>"), Fields=Array())), "active_content"),
    "hidden_layer": (hidden_layer, 1),
    "one_page_ten_times": (lambda: repeated(10), 10),
    "one_page_a_thousand_times": (lambda: repeated(1000), "too_many_pages"),
    "pages_in_the_array": (lambda: inline_pages(4), 4),
    "eleven_pages_in_the_array": (lambda: inline_pages(11), "too_many_pages"),
    "encrypted": (encrypted, "encrypted"),
    "bomb": (bomb, "too_large"),
}
