"""How wide text is, and where its lines break, in a drawing that no browser lays out."""

# The widths of the characters from the blank to the tilde in DejaVu Sans, in thousandths of the size of the font. It is
# wider than other fonts that systems have for their own texts, so that what fits in it fits in those.
_WIDTHS = (
    *(318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337),
    *(636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531),
    *(1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787),
    *(603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500),
    *(500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612),
    *(635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838),
)
# A character that is not among them is held to be as wide as an M, and bold text to be wider by as much as names are.
_OTHER, _BOLD = 863, 1.15


def width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a text is at the most.

    Args:
        text: The text.
        size: The size of the font.
        bold: Whether it is bold.
    """
    thousandths = sum(_WIDTHS[ord(sign) - 32] if " " <= sign <= "~" else _OTHER for sign in text)
    return thousandths * size / 1000 * (_BOLD if bold else 1)


def wrapped(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """Return the lines of a text, broken between words; a word that is wider than the room has a line of its own.

    Args:
        text: The text.
        room: How wide a line may be.
        size: The size of the font.
        bold: Whether it is bold.
    """
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size, bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
