"""What one run of PyKMIP found: steps with their outcomes, for the test that started it."""

import enum


class Refused(Exception):
    """The server answered with another status than Success."""

    def __init__(self, reason):
        super().__init__(reason.name)
        self.reason = reason


class Report:
    """
    Collects outcomes in the order of the steps.

    Unique identifiers differ from run to run, so they stand in the report as the labels under which
    their objects were made. Key material never gets into it.
    """

    def __init__(self):
        self.steps = []
        self._labels = {}

    def label(self, uid, label):
        """Names an object; the first name stays."""
        self._labels.setdefault(uid, label)
        return uid

    def step(self, name, action, *arguments, **options):
        """Calls an action that sends one request, and keeps what it returned or how it failed."""
        try:
            value = action(*arguments, **options)
        except Refused as refusal:
            self.steps.append({"step": name, "refused": refusal.reason.name})
        except Exception as error:  # whatever PyKMIP raises is a finding, not the end of the run
            self.steps.append({"step": name, "clientError": f"{type(error).__name__}: {error}"})
        else:
            self.steps.append({"step": name, "value": self._plain(value)})

    def _plain(self, value):
        if isinstance(value, dict):
            return {name: self._plain(part) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._plain(part) for part in value]
        if isinstance(value, enum.Enum):
            return value.name
        if isinstance(value, str):
            return self._labels.get(value, value)
        if value is None or isinstance(value, (bool, int)):
            return value
        raise TypeError(f"{type(value).__name__} has no place in a report")
