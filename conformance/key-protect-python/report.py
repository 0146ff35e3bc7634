"""What came of each call: answers and what they say, for the test that started the run."""

import json
import uuid

from ibm_cloud_sdk_core import ApiException


class Report:
    """Collects steps in their order. Identifiers differ from run to run and stay out of it."""

    def __init__(self):
        self.steps = []

    def step(self, name, method, *arguments, read=None, **options):
        """
        Calls a method of the client under a correlation id of its own, by which its event is found.

        `read` picks from the body of a success what the test shall see. Returns that body, or {}.
        """
        correlation_id = str(uuid.uuid4())
        step = {"step": name, "correlationId": correlation_id}
        self.steps.append(step)
        body = {}
        try:
            response = method(*arguments, correlation_id=correlation_id, **options)
            step["answer"] = str(response.get_status_code())
            if response.get_status_code() != 204:
                body = response.get_result()
            if read is not None:
                step["value"] = read(body)
        except ApiException as refusal:
            step["answer"] = _words(refusal)
        except Exception as error:  # what the client raises is a finding, not the end
            step["answer"] = f"{type(error).__name__}: {error}"
        return body


def _words(refusal):
    """The status with Key Protect's words for the reasons, or with IAM's; some have none."""
    body = json.loads(refusal.http_response.text)
    if "errorCode" in body:
        codes = [body["errorCode"]]
    else:
        [resource] = body["resources"]
        codes = [reason["code"] for reason in resource.get("reasons", [])]
    return " ".join([str(refusal.status_code), *codes])
