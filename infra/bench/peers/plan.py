"""What is played in every shop alike: how many customers, which products, in which order."""

from dataclasses import dataclass

PASSWORD = "violet-teapot-on-a-raft"
CURRENCY = "USD"
ADDRESS = {"recipient": "Some One", "line1": "Durbar Marg 7", "city": "Kathmandu", "postal_code": "44600", "country": "NP",
           "phone": "+9779812345678"}

# Medicines that no rule is about, so that ours lets every order through without a pharmacist.
_BOUGHT = ("abacavir", "acarbose", "alogliptin", "ambroxol", "anastrozole", "balsalazide", "betahistine", "bilastine",
           "bromhexine", "desloratadine", "ebastine", "entecavir")
_RACED = "famciclovir"
# Enough that nobody is refused: what happens when units run out is the race's question.
_PLENTY = 100_000


@dataclass(frozen=True)
class Product:
    """A product that both shops sell, by a key that both know it by."""

    key: str
    name: str
    ingredient: str
    cents: int
    units: int


@dataclass(frozen=True)
class Plan:
    """How much is played."""

    customers: int = 24
    rounds: int = 5
    units: int = 20
    buyers: int = 64

    @property
    def journeys(self):
        """How many journeys are measured."""
        return self.customers * self.rounds

    def bought(self):
        """What is searched for and bought; everything else in the catalogue is there to be looked through."""
        return [Product(f"bench-{name}", f"{name.capitalize()} 10 mg (bench)", name, 300 + 50 * turn, _PLENTY)
                for turn, name in enumerate(_BOUGHT)]

    def raced(self):
        """What the race is about."""
        return Product(f"bench-{_RACED}", f"{_RACED.capitalize()} 10 mg (bench)", _RACED, 450, self.units)


def words(arguments):
    """The plan that words such as `customers=8` ask for.

    Raises ValueError where one is not understood.
    """
    said = {}
    for word in arguments:
        name, _, value = word.partition("=")
        if name not in Plan.__dataclass_fields__ or not (value.isascii() and value.isdigit() and int(value) > 0):
            raise ValueError(f"{word} is not understood. There are: " + ", ".join(f"{one}=…" for one in Plan.__dataclass_fields__))
        said[name] = int(value)
    # One of ours may order fifty times a day; one round comes before those that are measured.
    if said.get("rounds", 0) > 40:
        raise ValueError("rounds is at most 40: a customer may order fifty times a day.")
    return Plan(**said)
