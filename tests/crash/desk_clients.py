# SPDX-License-Identifier: Apache-2.0
"""Clients of the desk that remember what they asked and what they were told."""
import dataclasses
import http.client
import json
import threading

LANDINGS = "/api/v1/registers/landing/records"


@dataclasses.dataclass
class Asked:
    """One write, under a key of its own; `answer` stays None until it is acknowledged."""
    key: str
    path: str
    body: dict
    token: str
    answer: dict | None = None


def connect(address):
    return http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)


def ask(connection, asked):
    """(status, answer). Raises OSError or HTTPException when the server is gone."""
    connection.request("POST", asked.path, json.dumps(asked.body), {
        "Authorization": f"Bearer {asked.token}", "Idempotency-Key": asked.key,
        "Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


class Client(threading.Thread):
    """Creates, amends and attends landings one after the other until the server is gone."""

    def __init__(self, name, address, token, dice):
        super().__init__(daemon=True)
        self.name_, self.address, self.token, self.dice = name, address, token, dice
        self.asked, self.records, self.fault = [], {}, None

    def next_write(self):
        key = f"k-{self.name_}-{len(self.asked)}"
        kind = self.dice.random()
        if kind < 0.5 or not self.records:
            return Asked(key, LANDINGS, {"fields": {
                "landed_at": "2018-03-01T10:00", "point": "long_pier", "modality": "assisted",
                "person": {"sex": "female", "document_number": key}}}, self.token)
        folio = self.dice.choice(sorted(self.records))
        revision, attended = self.records[folio]
        if kind < 0.8 or attended:
            return Asked(key, f"{LANDINGS}/{folio}/amend",
                         {"base": revision, "fields": {"person": {"document_number": key}}}, self.token)
        return Asked(key, f"{LANDINGS}/{folio}/actions/attend", {"base": revision}, self.token)

    def run(self):
        connection = connect(self.address)
        while True:
            asked = self.next_write()
            self.asked.append(asked)
            try:
                status, answer = ask(connection, asked)
            except (OSError, http.client.HTTPException, ValueError):
                return
            if status >= 300:
                self.fault = f"{asked.path} {asked.body} was refused: {status} {answer}"
                return
            asked.answer = answer
            attended = asked.path.endswith("attend") or self.records.get(
                answer["folio"], (0, False))[1]
            self.records[answer["folio"]] = (answer["revision"], attended)
