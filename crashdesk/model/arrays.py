"""Arrays as the fields of records: to a type checker they tell what is in them, at run time `array` cannot."""

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Ints = array[int]
    Floats = array[float]
else:
    Ints = Floats = array
