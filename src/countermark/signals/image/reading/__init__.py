"""Words that stand in pictures: a cheap question first, reading where the answer is yes."""

from countermark.signals.image.reading.gate import looks_written
from countermark.signals.image.reading.pictures import PictureReading, ReadPicture
from countermark.signals.image.reading.reader import PictureReader, ReadLine, can_read

__all__ = ["PictureReader", "PictureReading", "ReadLine", "ReadPicture", "can_read", "looks_written"]
