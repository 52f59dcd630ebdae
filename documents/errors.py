"""Every error the project raises on purpose.

    ReportQAError
    ├── UnreadableReport      a file that cannot become a report (encoding, empty, damaged, locked)
    ├── IndexUnavailable      the home holds no index, or one that cannot be opened
    │   ├── EmbedderMismatch  the index was built with another embedder
    │   └── IndexLocked       another process is writing
    ├── UnknownReport         a report id that is not in the index
    ├── InvalidQuestionFile   an evaluation file that breaks the format
    ├── InvalidSetting        a setting or an option with a value we cannot use
    └── ModelUnavailable      a language model or an embedding model that does not answer

A message carries the fact, the value and the next step; the command line prints it as one line and exits with 2.
"""


class ReportQAError(Exception):
    """Root of all errors a user can act on."""


class UnreadableReport(ReportQAError):
    """A file cannot become a report; the message names the file and why."""


class IndexUnavailable(ReportQAError):
    """The home holds no index, or one that cannot be opened."""


class EmbedderMismatch(IndexUnavailable):
    """The index was built with another embedder than the one configured."""


class IndexLocked(IndexUnavailable):
    """Another process holds the write lock."""


class UnknownReport(ReportQAError):
    """No report of that id is in the index."""


class InvalidQuestionFile(ReportQAError):
    """A question file is not JSON Lines in the documented format."""


class InvalidSetting(ReportQAError):
    """A setting has a value that cannot be used."""


class ModelUnavailable(ReportQAError):
    """A configured model cannot be loaded or reached."""
