"""Names as they are compared: of substances, of classes, of the salts that are taken off them."""

import re
import unicodedata

# Words after a substance's name that say in which salt, ester or form it comes and not what it does.
SALTS = set(
    """hydrochloride dihydrochloride hydrobromide hydroiodide chloride bromide iodide sodium disodium trisodium
    monosodium potassium dipotassium calcium magnesium lysine arginine meglumine tromethamine trometamol erbumine
    olamine diolamine dimeglumine epolamine sulfate sulphate bisulfate hemisulfate phosphate diphosphate nitrate
    carbonate acetate diacetate citrate maleate tartrate bitartrate fumarate hemifumarate succinate malate s-malate
    l-malate lactate gluconate gluceptate lactobionate ethylsuccinate estolate stearate palmitate valerate
    dipropionate propionate furoate butyrate probutate pivalate xinafoate trifenatate etabonate pamoate benzoate
    salicylate oxalate mesylate dimesylate besylate tosylate ditosylate camsylate esylate edisylate napsylate
    isethionate aspartate saccharate cypionate enanthate undecanoate decanoate lauroxil caproate acetonide
    hexacetonide axetil proxetil pivoxil medoxomil kamedoxomil cilexetil etexilate mofetil marboxil alafenamide
    disoproxil hyclate monohydrate dihydrate trihydrate hemihydrate heptahydrate hydrate anhydrous polistirex
    polacrilex fosamil dimaleate methylbromide methylsulfate butylbromide hippurate mandelate subcitrate
    subsalicylate zinc aluminum recombinant microcrystalline macrocrystalline macrocrystals microsize ultramicrosize
    ultramicrocrystalline human synthetic micronized conjugated""".split()
)

LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "µ": "u"})


def plain(text):
    """Lower case without accents; one blank between words, none beside a hyphen (`gastro- intestinaux`)."""
    text = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub(r"\s*-\s*", "-", text)).strip()


def folded(text):
    """What two names must share to be the same name: letters and digits, one blank between words."""
    return re.sub(r"[^a-z0-9]+", " ", plain(text).replace("'", "")).strip()


def slug(text):
    """A name as an id: `St John's wort` is `st-johns-wort`."""
    return folded(text).replace(" ", "-")


def bases(name):
    """The folded name, then without its last salt, and so on, until one word is left."""
    words = folded(name).split()
    yield " ".join(words)
    while len(words) > 1 and words[-1] in SALTS:
        words.pop()
        yield " ".join(words)
