"""An instance and its words in forms other than a printed sheet, one module each."""

from generator.formats.json_text import json_text
from generator.formats.record import instance_record, record_schema
from generator.formats.text import instance_text

__all__ = ["instance_record", "instance_text", "json_text", "record_schema"]
