"""Languages by their tags (BCP 47), as far as the domain has to tell them apart."""

_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def same_language(one: str, other: str) -> bool:
    """Whether two tags name one language as readers tell them apart: Chinese by its script, all others by name."""
    mine, theirs = (tag.replace("_", "-").lower().split("-") for tag in (one, other))
    if mine[0] != theirs[0]:
        return False
    if mine[0] != "zh" or len(mine) == 1 or len(theirs) == 1:
        return True
    return bool(_TRADITIONAL & set(mine[1:])) is bool(_TRADITIONAL & set(theirs[1:]))
