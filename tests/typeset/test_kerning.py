from generator.typeset.kerning import kerning
from generator.typeset.words import kerns, text_width


def test_slanted_capitals_move_together() -> None:
    assert kerning("Text").between("A", "V") < -50
    assert kerning("Text").between("H", "H") == 0


def test_a_listed_pair_goes_before_its_classes() -> None:
    # By class an apostrophe would open up; the face lists both pairs.
    assert kerning("Text-Italic").between("a", "'") == -30
    assert kerning("Text").between("'", "w") == 15


def test_a_kerned_word_is_narrower_than_its_letters() -> None:
    letters = sum(text_width(letter, "Text", 10.0) for letter in "AVAST")
    kern = sum(amount for _, amount in kerns("AVAST", "Text"))
    assert kern < 0
    assert abs(text_width("AVAST", "Text", 10.0) - (letters + kern / 100)) < 1e-9


def test_spaces_and_hyphens_are_never_kerned() -> None:
    assert kerns("To T-o V W", "Text") == kerns("To", "Text")


def test_program_text_is_not_kerned() -> None:
    assert kerns("AVAST", "Mono") == ()
